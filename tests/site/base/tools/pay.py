print("paid")
