// What is folded away has no width: the theme takes it for a part that does not scroll, out
// of reach of the keyboard. When something is unfolded it shall look again, as it does
// when the window changes its size.
const lookAgain = () => window.dispatchEvent(new Event("resize"));

document.addEventListener("toggle", lookAgain, true);
document.addEventListener("click", ({ target }) => {
  if (target.closest(".admonition-title")) lookAgain();
});
