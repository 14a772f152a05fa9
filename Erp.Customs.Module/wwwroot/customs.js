// The module's screens work without this file; it adds what saves a clerk clicks: choosing rows, asking before many are touched, details in a drawer.
(() => {
  "use strict";

  for (const form of document.querySelectorAll("form[data-batch]")) {
    const all = form.querySelector("[data-choose-all]");
    const boxes = [...form.querySelectorAll("[data-choose]")];
    const show = () => {
      const chosen = boxes.filter(box => box.checked).length;
      form.querySelectorAll("[data-chosen]").forEach(place => { place.textContent = chosen; });
      form.querySelectorAll("[data-needs-choice]").forEach(button => { button.disabled = chosen === 0; });
      if (all) {
        all.checked = chosen > 0 && chosen === boxes.length;
        all.indeterminate = chosen > 0 && chosen < boxes.length;
      }
    };
    all?.addEventListener("change", () => { boxes.forEach(box => { box.checked = all.checked; }); show(); });
    boxes.forEach(box => box.addEventListener("change", show));
    show();
  }

  // A button for one row sends that row and not the chosen ones with it.
  document.addEventListener("click", event => {
    const only = event.target.closest("button[data-only]");
    only?.form.querySelectorAll("[data-choose]").forEach(box => { box.checked = false; });
  });

  document.addEventListener("submit", event => {
    const question = event.submitter?.dataset.confirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      return;
    }
    // Work that takes a while shows that it goes on, and is not sent twice.
    // A download leaves the page as it is: its buttons stay.
    if (event.target.method === "post" && event.submitter?.dataset.download === undefined) {
      event.target.setAttribute("aria-busy", "true");
      setTimeout(() => event.target.querySelectorAll("button").forEach(button => { button.disabled = true; }));
    }
  });

  // A menu over a table closes when something else is pressed, and by Escape.
  const closeMenus = but => document.querySelectorAll("details.menu-box[open]").forEach(menu => { if (menu !== but) { menu.open = false; } });
  document.addEventListener("click", event => closeMenus(event.target.closest("details.menu-box")));
  document.addEventListener("keydown", event => {
    const menu = event.key === "Escape" ? event.target.closest("details.menu-box[open]") : null;
    if (menu) {
      event.preventDefault();
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // What goes on is looked at again.
  const goesOn = document.querySelector("[data-reload]");
  if (goesOn) {
    setTimeout(() => window.location.reload(), 1000 * Number(goesOn.dataset.reload));
  }

  const drawer = document.getElementById("drawer");
  const body = document.getElementById("drawer-body");
  let list = null;

  const open = async (address, push) => {
    const answer = await fetch(address, { headers: { "X-Drawer": "1" } });
    if (!answer.ok || answer.redirected) {
      window.location.assign(address);
      return;
    }
    body.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
    if (push) {
      list ??= window.location.href;
      history.pushState({ drawer: true }, "", address);
    }
    if (!drawer.open) {
      drawer.showModal();
    }
    drawer.scrollTop = 0;
  };

  document.addEventListener("click", event => {
    const link = event.target.closest("a[data-drawer]");
    if (link && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      open(link.href, true);
    }
  });

  // The list's address comes back with the list.
  drawer.addEventListener("close", () => {
    if (list !== null) {
      history.pushState(null, "", list);
      list = null;
    }
  });
  drawer.addEventListener("click", event => { if (event.target === drawer) { drawer.close(); } });
  window.addEventListener("popstate", () => window.location.reload());

  // Imports: a file that is too large is refused before it is sent.
  for (const input of document.querySelectorAll("input[data-most-bytes]")) {
    input.addEventListener("change", () => {
      const tooLarge = [...input.files].some(file => file.size > Number(input.dataset.mostBytes));
      input.setCustomValidity(tooLarge ? input.dataset.tooLarge : "");
      input.reportValidity();
    });
  }
})();
