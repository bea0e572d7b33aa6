// Addresses on the forge. In: a place as `forges.py` writes it, a path and a text. Out: the address
// of the page that makes the file, and whether the text is in it.

const part = (text) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (s) => "%" + s.charCodeAt(0).toString(16).toUpperCase(),
  );
const path = (text) => text.split("/").map(part).join("/");

/** `{ href, holdsText }`; without a form, the address of the repository. */
export function newFile(place, file, folders, text) {
  if (!place.form) return { href: place.repo, holdsText: false };
  let folder = file.split("/").slice(0, -1).join("/");
  while (folder && !folders.includes(folder)) folder = folder.split("/").slice(0, -1).join("/");
  const name = folder ? file.slice(folder.length + 1) : file;
  const at = (place.branch + "/" + place.prefix + folder).replace(/\/+$/, "");
  const withText = (given) => {
    const known = { repo: place.repo, folder: path(at), name: part(name), text: part(given) };
    return place.form.replace(/\{(\w+)\}/g, (_, word) => known[word]);
  };
  const full = withText(text);
  if (full.length <= place.most) return { href: full, holdsText: place.form.includes("{text}") };
  return { href: withText("").replace(/&value=$/, ""), holdsText: false };
}
