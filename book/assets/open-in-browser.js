/* A notebook can't run in a page that was opened from a disk: browsers keep programs there from reading other files. */
if (location.protocol === "file:") {
  for (const link of document.querySelectorAll("p.open-in-browser, a.btn-open-in-browser")) link.remove();
}
