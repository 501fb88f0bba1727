// What the browser does on every page, from its first moment: what the server cannot see, and what Streamlit 1.67
// leaves undone at fields. It holds no word of any person, and keeps what is typed in its own tab only.
(() => {
  "use strict";

  // --- the width, told with the connection: on a narrow screen long tables are drawn as cards ---

  const narrow = Math.min(window.innerWidth || screen.width, screen.width) <= 640;
  document.cookie = `portal_narrow=${narrow ? "yes" : "no"}; path=/; SameSite=Lax`;

  const atRest = () => document.querySelector( // with a page drawn: at first it rests with none
    "[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning] h1");

  // --- the view and the focus go to a place once it is drawn; whoever has gone on meanwhile is left alone ---

  window.leadTo = (selector) => {
    const until = Date.now() + 3000;
    let left = false;
    for (const act of ["keydown", "pointerdown"])
      document.addEventListener(act, () => { left = true; }, {capture: true, once: true});
    (function look() {
      if (left || Date.now() > until) return;
      const place = atRest() && document.querySelector(selector);
      if (!place) return setTimeout(look, 50);
      place.scrollIntoView({block: "start"});
      place.focus({preventScroll: true});
    })();
  };

  // --- the browser's history: what one act changes in the address is one step, and Back takes that back alone ---

  // Streamlit 1.67 makes a step of each name that a run adds to the address, also of what a page adds by itself as it
  // comes, and even of the page that is left; what is chosen in a field it writes over the address that was.
  const FILTERED = ["/search", "/province", "/compliance"]; // whose fields are steps
  const write = {push: history.pushState.bind(history), replace: history.replaceState.bind(history)};
  let fresh = true, pushed = false; // whether this address was come to since the page last rested, and by a push

  function step(how, address) {
    write[how]({}, "", address);
    [fresh, pushed] = [true, how === "push" || pushed];
  }
  history.pushState = (_state, _title, address) => {
    const to = new URL(address, location.href);
    const goesOn = to.pathname === location.pathname || (pushed && to.search === location.search);
    step(fresh && goesOn ? "replace" : "push", address);
  };
  history.replaceState = (state, title, address) => {
    const to = new URL(address ?? "", location.href);
    const isFilter = FILTERED.includes(to.pathname) && to.pathname === location.pathname && to.search !== location.search;
    if (isFilter && !fresh) step("push", address);
    else write.replace(state, title, address);
  };
  addEventListener("popstate", () => { [fresh, pushed] = [true, false]; }, true);

  // --- a day that is typed: the Enter key hands it in, as it does in every other field ---

  // The field hands in its parts once the focus has left them all; so it leaves for a moment.
  document.addEventListener("keydown", (event) => {
    const part = event.target;
    if (event.key !== "Enter" || !part.matches?.(".stDateInput [role=spinbutton]")) return;
    const elsewhere = document.body.appendChild(document.createElement("span"));
    elsewhere.tabIndex = -1;
    elsewhere.focus({preventScroll: true});
    part.focus({preventScroll: true});
    elsewhere.remove();
  }, true);

  // --- a field hands in what was typed as it loses the focus: a link that is followed before that has been answered
  // --- would lead back to the page it stands on

  let unanswered = false;
  document.addEventListener("input", () => { unanswered = true; }, true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!unanswered || !link || link.target === "_blank") return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    unanswered = false;
    event.preventDefault();
    event.stopImmediatePropagation();
    const same = () => document.querySelector(`a[href="${CSS.escape(link.getAttribute("href"))}"]`);
    (function follow(wait) {
      setTimeout(() => {
        if (!document.querySelector("[data-test-script-state=notRunning]")) return follow(50);
        (link.isConnected ? link : same() ?? link).click();
      }, wait);
    })(150);
  }, true);

  // --- a table: a click on any cell ticks the box of its row, and the keyboard is heeded ---

  // Streamlit's own choice of cells is not for this: it takes the arrow keys and the mere arrival of the Tab key for
  // clicks, and each row that opens is recorded as a look at its person.
  const BOX = 33, HEADER = 37; // px: the width before a table's cells, the height of its head (ui/tables.py)
  function point(at, y, acts) {
    const x = at.getBoundingClientRect().left + BOX / 2;
    for (const act of acts)
      at.dispatchEvent(new PointerEvent(act, {clientX: x, clientY: y, bubbles: true, pointerType: "mouse"}));
  }
  document.addEventListener("click", (event) => {
    const table = event.isTrusted && event.target.closest("[class*=st-key-table-] .dvn-scroller");
    if (!table) return;
    const edge = table.getBoundingClientRect();
    if (event.clientX < edge.left + BOX || event.clientY < edge.top + HEADER) return;
    point(table, event.clientY, ["pointermove", "pointerdown", "pointerup"]);
  });

  // A table heeds the keyboard no more once the mouse was moved anywhere else, until it is moved on it again; so
  // whoever comes by keyboard is announced as by the mouse, and comes once more.
  let again = null;
  document.addEventListener("focusin", ({target}) => {
    const table = target.tagName === "CANVAS" && target.closest("[class*=st-key-table-]");
    if (!table || table.matches(":hover") || again === target) return;
    point(target, target.getBoundingClientRect().top + HEADER / 2, ["pointermove"]);
    setTimeout(() => {
      if (document.activeElement !== target) return;
      again = target;
      target.blur();
      target.focus();
      again = null;
    }, 50);
  });

  // --- what is typed and not handed in yet: a page that is loaded anew puts it back ---

  const KEPT = "typed", SOON = 300, LONGEST = 15000; // ms
  const here = () => location.pathname + location.search;
  const whose = () => document.querySelector("[class*=st-key-signed-in-]")
    ?.className.match(/signed-in-\d+/)?.[0] ?? "";
  const kept = () => JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
  const keep = (typed) => sessionStorage.setItem(KEPT, JSON.stringify(typed));

  // The class by which a field is found again; none for passwords, also while they are shown, and for forms that
  // keep no draft.
  function nameOf(field) {
    if (!field?.matches?.(":is(.stTextInput, .stTextArea) :is(input, textarea)")) return null;
    if (field.type === "password" || field.autocomplete.endsWith("password")) return null;
    if (field.closest("[data-testid=stForm]")) return null;
    return field.closest(".stElementContainer")?.className.match(/st-key-\S+/)?.[0] ?? null;
  }

  document.addEventListener("input", ({target}) => {
    const name = nameOf(target);
    if (name) keep({at: here(), whose: whose(), fields: {...kept().fields, [name]: target.value}});
  }, true);

  // A field that was left has handed in what it holds. Once the server has begun to answer and has ended, that has
  // arrived, and need not be kept here.
  let begun = 0, left = null; // how many answers have begun: until now, and as a field was left last
  document.addEventListener("focusout", ({target}) => { if (nameOf(target)) left = begun; }, true);
  new MutationObserver(() => {
    if (document.querySelector("[data-test-script-state=running]")) begun += 1;
    if (atRest()) [fresh, pushed] = [false, false];
    if (left === null || begun === left || !atRest() || nameOf(document.activeElement)) return;
    sessionStorage.removeItem(KEPT);
    left = null;
  }).observe(document, {subtree: true, attributes: true, attributeFilter: ["data-test-script-state"]});

  function putBack(typed, until) {
    if (atRest()) {
      if (typed.whose !== whose()) return sessionStorage.removeItem(KEPT);
      for (const [name, value] of Object.entries(typed.fields)) {
        const field = document.querySelector(`.${CSS.escape(name)} :is(input, textarea)`);
        if (nameOf(field) !== name) continue;
        delete typed.fields[name];
        if (field.value !== value) handIn(field, value);
        else forget(name); // the server had it before the page was loaded anew
      }
    }
    if (Object.keys(typed.fields).length && Date.now() < until) setTimeout(putBack, SOON, typed, until);
  }

  function forget(name) {
    const {[name]: _arrived, ...fields} = kept().fields ?? {};
    if (Object.keys(fields).length) keep({...kept(), fields});
    else sessionStorage.removeItem(KEPT);
  }

  // As if it had been typed, and the field been left.
  function handIn(field, value) {
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set.call(field, value);
    field.dispatchEvent(new Event("input", {bubbles: true}));
    field.dispatchEvent(new FocusEvent("focusout", {bubbles: true}));
  }

  const typed = kept();
  if (typed.at === here()) putBack(typed, Date.now() + LONGEST);
  else sessionStorage.removeItem(KEPT);
})();
