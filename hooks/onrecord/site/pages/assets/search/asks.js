// Before the page of search is painted: where its address asks something already, the lists to
// browse make room for what will be found. A classic script, so that it isn't put off.

(() => {
  const asks = Boolean(new URLSearchParams(location.search).get("q")?.trim());
  document.querySelector("[data-onrecord-search]")?.classList.toggle("or-search-page--asks", asks);
})();
