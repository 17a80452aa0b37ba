"""A page in the hands of somebody who has only keys: each stop has a name, a visible ring, is in view and in order."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

MOST_STEPS = 90
LEAST_CONTRAST = 3  # of a ring with what it lies on (WCAG 2.2, 1.4.11)
# What somebody who listens is told, whether who looks can see where they are, and whether it follows the stop before.
FOCUSED = """() => {
    const e = document.activeElement, box = e.getBoundingClientRect()
    const hasRing = ({outlineStyle, outlineWidth}) => outlineStyle !== "none" && parseFloat(outlineWidth) >= 2
    const by = (e.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id))
    const labels = [...by, ...(e.labels ?? []), e].map((each) => each?.textContent)
    const words = [e.getAttribute("aria-label"), ...labels]
    const before = window.stopBefore
    window.stopBefore = e
    const inView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
    const spots = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]].map(([x, y]) =>
        document.elementFromPoint(box.left + x * box.width, box.top + y * box.height))
    const seen = [e, ...(e.labels ?? [])]
    // The contrast of the ring with what lies around it, as both were computed; forced colors are the system's own.
    const light = (color) => {
        const [r, g, b] = color.match(/[\\d.]+/g).map((each) => each / 255)
            .map((each) => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const ground = (one) => {
        const color = one ? getComputedStyle(one).backgroundColor : "rgb(255, 255, 255)"
        return /^rgb\\(/.test(color) ? color : ground(one.parentElement)
    }
    const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    const isPlain = !matchMedia("(forced-colors: active)").matches && hasRing(getComputedStyle(e))
    const clear = spots.some((each) => each && seen.some((one) => one.contains(each) || each.contains(one)))
    return {
        name: words.filter(Boolean).join(" ").replace(/\\s+/g, " ").trim(),
        // The parts of a date have the browser's own mark.
        ring: /^(date|time)/.test(e.type) || [e, ...(e.labels ?? [])].map((one) => getComputedStyle(one)).some(hasRing),
        contrast: isPlain ? ratio(light(getComputedStyle(e).outlineColor), light(ground(e.parentElement))) : 21,
        seen: inView && clear,
        after: !before?.isConnected || before === e || Boolean(before.compareDocumentPosition(e) & 4),
        html: e.outerHTML.slice(0, 160),
        nowhere: e === document.body || e === document.documentElement,
    }
}"""
# As on a page that has just come: the first Tab leads to its first stop.
FORGET = """() => {
    document.body.tabIndex = -1
    document.body.focus({preventScroll: true})
    document.body.removeAttribute("tabindex")
    window.stopBefore = undefined
    scrollTo(0, 0)
}"""


@dataclass
class Keys:
    """What one does with keys alone."""

    page: Page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def types(self, words: str) -> None:
        self.page.keyboard.type(words)

    def to(self, name: str, *, selector: str = "*") -> None:
        """Press Tab until what bears a name has the focus, from wherever one is."""
        self.page.evaluate("window.stopBefore = undefined")
        for _ in range(MOST_STEPS):
            stop = self._next(is_ordered=False)
            if name in stop["name"] and self.page.evaluate("(s) => document.activeElement.matches(s)", selector):
                return
        raise AssertionError(f"{self.page.url}: no way to {name!r} by keys")

    def past_the_masthead(self) -> None:
        """The first stop of a page leads to its content."""
        self.page.wait_for_load_state()
        self.page.evaluate(FORGET)
        self.to("Skip to the main content")
        self.press("Enter")
        expect(self.page.locator("main")).to_be_focused()

    def opens(self, name: str, leads_to: str | Callable[[str], bool]) -> None:
        """Go to a link or button and press it; another page comes."""
        self.to(name)
        self.press("Enter")
        self.page.wait_for_url(leads_to)
        self.page.wait_for_load_state()

    def around(self) -> int:
        """Once through all there is, in forced colors: in order, out at the end, and back; return the stops."""
        self.page.wait_for_load_state()
        self.page.emulate_media(forced_colors="active", reduced_motion="reduce")
        self.page.evaluate(FORGET)
        stops = [self._next(is_ordered=False)]
        while not (stop := self._next(is_ordered=True, first=stops[0]["html"]))["nowhere"]:
            if stop["html"] == stops[0]["html"]:
                break
            stops.append(stop)
            assert len(stops) < MOST_STEPS, f"{self.page.url}: no way out"
        self.press("Shift+Tab", "Shift+Tab")  # past the end, or the first stop, where one is
        assert not self.page.evaluate(FOCUSED)["nowhere"], self.page.url
        self.page.emulate_media(forced_colors="none")
        return len(stops)

    def opens_and_leaves(self, name: str) -> None:
        """A part that opens: Space opens it, Escape or Space closes it, and the focus is where it was."""
        self.to(name, selector="summary")
        self.press("Space")
        expect(self.page.locator("details[open] > summary:focus")).to_have_count(1)
        self.press("Space")
        expect(self.page.locator("details:not([open]) > summary:focus")).to_have_count(1)

    def _next(self, *, is_ordered: bool, first: str | None = None) -> dict[str, str]:
        self.page.keyboard.press("Tab")
        stop: dict[str, str] = self.page.evaluate(FOCUSED)
        if not stop["nowhere"]:
            assert stop["name"] and stop["ring"] and stop["seen"], (self.page.url, stop)
            assert float(stop["contrast"]) >= LEAST_CONTRAST, (self.page.url, stop)
            assert stop["after"] or not is_ordered or stop["html"] == first, (self.page.url, stop)
        return stop
