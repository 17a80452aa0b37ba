// Shows and hides what is typed as a password; and takes a one-time code from after the # of the address, where no
// server and no log sees it.

for (const field of document.querySelectorAll("[data-password]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-quiet";
  button.setAttribute("aria-controls", field.id);
  const say = () => {
    const shown = field.type === "text";
    button.textContent = shown ? field.dataset.hide : field.dataset.show;
  };
  button.addEventListener("click", () => {
    field.type = field.type === "text" ? "password" : "text";
    say();
  });
  field.form?.addEventListener("submit", () => { field.type = "password"; });
  say();
  field.after(button);
}

const code = document.querySelector("[data-from-address]");
const given = location.hash.slice(1);
if (code && /^[a-z0-9-]{16,80}$/.test(given)) {
  code.value = given;
  history.replaceState(null, "", location.pathname);
  document.querySelector("[data-password]")?.focus();
}
