/* Gives every htmx request the token that forms carry in a hidden field. */

const token = document.querySelector('meta[name="csrf-token"]')?.content;

if (token) {
  document.addEventListener("htmx:config:request", (event) => {
    event.detail.ctx.request.headers["X-CSRFToken"] = token;
  });
}
