using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit.Sdk;

namespace Erp.Customs.Tests.Support;

/// <summary>What every screen must keep, as the browser itself sees it.</summary>
internal static class PageChecks
{
    /// <summary>Rules of axe that stand for a criterion of level A or AA of the Web Content Accessibility Guidelines 2.0, 2.1 and 2.2.</summary>
    private static readonly AxeRunOptions s_levels = new() { RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa") };

    /// <summary>No violation of WCAG 2.2 A or AA that axe can find; and what it cannot find, or leaves to taste: one first heading, a text in every table heading, no id twice, a focus that can be seen.</summary>
    public static async Task ShouldBeAccessibleAsync(this IPage page)
    {
        // After a key, Chromium shows the focus as it does for people who use no mouse.
        await page.Keyboard.PressAsync("Shift");
        var found = await page.RunAxe(s_levels);
        List<string> complaints =
        [
            .. found.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{violation.Id}: {node.Html} {string.Join("; ", node.Any.Concat(node.All).Concat(node.None).Select(check => check.Message))}")),
            .. await page.EvaluateAsync<string[]>(Script),
        ];
        Fail(page, "is not accessible", complaints);
    }

    /// <summary>On a narrow screen nothing sticks out to the right; tables may scroll in a frame of their own.</summary>
    public static async Task ShouldNotScrollSidewaysAsync(this IPage page, int width = 390)
    {
        var before = page.ViewportSize!;
        await page.SetViewportSizeAsync(width, 844);
        var complaints = await page.EvaluateAsync<string[]>("""
            () => {
              const room = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= room) return [];
              return [`${document.documentElement.scrollWidth} px in ${room} px`, ...[...document.body.querySelectorAll('*')]
                .filter(e => e.getBoundingClientRect().right > room + 0.5).slice(0, 10).map(e => e.outerHTML.slice(0, 120))];
            }
            """);
        await page.SetViewportSizeAsync(before.Width, before.Height);
        Fail(page, $"scrolls sideways at {width} px", complaints);
    }

    private static void Fail(IPage page, string what, IReadOnlyCollection<string> complaints)
    {
        if (complaints.Count > 0)
        {
            throw new XunitException($"{page.Url} {what}:\n{string.Join('\n', complaints)}");
        }
    }

    private const string Script = """
        () => {
          const complaints = [];
          const show = e => e.outerHTML.replace(/\s+/g, ' ').slice(0, 120);
          const all = [...document.body.querySelectorAll('*')];
          const seen = e => {
            const box = e.getBoundingClientRect();
            return box.width > 1 && box.height > 1 && e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
          };

          const h1 = all.filter(e => e.localName === 'h1' && seen(e));
          if (h1.length !== 1) complaints.push(`${h1.length} h1`);
          for (const th of all) if (th.localName === 'th' && !th.textContent.trim() && !th.querySelector('[aria-label]')) complaints.push(`no text: ${show(th)}`);
          const ids = all.map(e => e.id).filter(id => id);
          for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) complaints.push(`id twice: ${id}`);

          // Focus: something about the element must look different.
          const look = e => { const s = getComputedStyle(e); return [s.boxShadow, s.borderColor, s.backgroundColor, s.textDecorationLine].join(); };
          const active = document.activeElement;
          for (const e of all.filter(e => e.matches('a[href], button, input, select, textarea, summary, [tabindex]') && !e.disabled && seen(e))) {
            e.blur();
            const before = look(e);
            e.focus({ preventScroll: true });
            const s = getComputedStyle(e);
            const outline = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0;
            if (document.activeElement === e && !outline && look(e) === before) complaints.push(`focus not seen: ${show(e)}`);
          }
          document.activeElement?.blur();
          active?.focus({ preventScroll: true });
          return complaints;
        }
        """;
}
