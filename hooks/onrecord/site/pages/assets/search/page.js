// The page of search: its question lives in the address, so that it can be sent to somebody.

import { SearchBox } from "./box.js";
import { element } from "./dom.js";
import { Query } from "./query.js";

let mounted = null; // the box of the page that is shown

/** Put the box into its place on the page. */
export function mount(place, version) {
  if (mounted?.place === place) return;
  const searchPage = new URL(location.href);
  searchPage.search = searchPage.hash = "";
  const box = new SearchBox({ version, searchPage: searchPage.href, onQuery: remember });
  mounted = { place, box };
  place.replaceChildren(box.root);
  const browse = document.querySelector("[data-onrecord-browse]");
  const lists = element("ul", { class: "or-links or-search__lists", hidden: true });
  box.root.querySelector(".or-search__status").after(lists);
  box.root.addEventListener("or-found", () => {
    place.classList.add("or-search-page--asks");
    lists.hidden = true;
  });
  box.root.addEventListener("or-idle", ({ detail }) => {
    place.classList.remove("or-search-page--asks");
    const found = [...browse.querySelectorAll("a[data-filter]")].filter((link) =>
      detail.has(link.dataset.filter, link.dataset.value)
    );
    lists.replaceChildren(...found.map((link) => element("li", {}, link.cloneNode(true))));
    lists.hidden = !found.length;
  });
  read();
  // Where somebody comes to type, the box is ready; who follows a link to results reads them.
  if (!location.search && !location.hash) box.input.focus({ preventScroll: true });
}

function read() {
  const { query, unknown } = Query.read(location.search);
  const isWide = matchMedia("(min-width: 90em)").matches;
  mounted.box.show(query, unknown, isWide && Boolean(query.words.trim()));
}

/** Typing changes the address in place; a choice is a step that Back takes back. */
function remember(query, how) {
  const address = location.pathname + query.address;
  if (address === location.pathname + location.search) return;
  if (how === "typed") history.replaceState(history.state, "", address);
  else history.pushState(history.state, "", address);
}

addEventListener("popstate", () => {
  if (mounted?.place.isConnected) read();
});
