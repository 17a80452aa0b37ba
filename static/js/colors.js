// A picker beside each field of a color; the field stays what is sent, so that a color can be typed, pasted or left out.
for (const typed of document.querySelectorAll("[data-color]")) {
  const picker = document.createElement("input")
  const label = document.querySelector(`label[for="${typed.id}"]`)
  picker.type = "color"
  picker.className = "color-picker"
  picker.setAttribute("aria-label", label ? label.textContent.trim() : typed.name)
  const show = () => {
    const known = /^#?[0-9a-f]{6}$/i.exec((typed.value || typed.placeholder).trim())
    if (known) picker.value = `#${known[0].replace("#", "").toLowerCase()}`
  }
  picker.addEventListener("input", () => { typed.value = picker.value })
  typed.addEventListener("input", show)
  show()
  const row = document.createElement("span")
  row.className = "color-row"
  typed.replaceWith(row)
  row.append(typed, picker)
}
