"""What each old record means here: beside the others of its folder, and what is here already."""
