using System.Text.Json;
using Microsoft.Playwright;
using Xunit.Sdk;

namespace Erp.Customs.Tests.Support;

/// <summary>What every screen must keep, as the browser itself sees it.</summary>
internal static class PageChecks
{
    /// <summary>Roles, as Chromium names them, that say nothing to whom hears the page unless they have a name.</summary>
    private static readonly HashSet<string> s_named = new(StringComparer.Ordinal)
    {
        "button", "link", "textbox", "searchbox", "combobox", "ComboBoxSelect", "listbox", "checkbox", "radio", "switch", "spinbutton", "slider", "menuitem", "tab", "option",
        "DisclosureTriangle", "Date", "DateTime", "InputTime", "ColorWell", "image", "img", "columnheader", "rowheader", "dialog", "alertdialog",
    };

    /// <summary>
    /// Language, title and one first heading; a name for everything that can be used, a text in every table heading; no id twice; a focus that can be seen;
    /// and text that stands out from what is behind it by 4.5, large text by 3 (WCAG 2.2 AA).
    /// </summary>
    public static async Task ShouldBeAccessibleAsync(this IPage page)
    {
        // After a key, Chromium shows the focus as it does for people who use no mouse.
        await page.Keyboard.PressAsync("Shift");
        List<string> complaints = [.. await NamelessAsync(page), .. await page.EvaluateAsync<string[]>(Script)];
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

    /// <summary>Names are computed by Chromium, from labels, texts, titles and the rest, as a screen reader gets them.</summary>
    private static async Task<List<string>> NamelessAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        try
        {
            List<string> nameless = [];
            var tree = (await session.SendAsync("Accessibility.getFullAXTree"))!.Value;
            foreach (var node in tree.GetProperty("nodes").EnumerateArray())
            {
                if (!node.GetProperty("ignored").GetBoolean() && s_named.Contains(Value(node, "role")) && string.IsNullOrWhiteSpace(Value(node, "name"))
                    && node.TryGetProperty("backendDOMNodeId", out var id))
                {
                    var html = (await session.SendAsync("DOM.getOuterHTML", new() { ["backendNodeId"] = id.GetInt32() }))!.Value.GetProperty("outerHTML").GetString()!;
                    nameless.Add($"no name: {Value(node, "role")} {html[..Math.Min(html.Length, 120)]}");
                }
            }

            return nameless;
        }
        finally
        {
            await session.DetachAsync();
        }

        static string Value(JsonElement node, string property) => node.TryGetProperty(property, out var found) && found.TryGetProperty("value", out var value) ? value.ToString() : "";
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

          if (!document.documentElement.lang) complaints.push('no lang on html');
          if (!document.title.trim()) complaints.push('no title');
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

          // Contrast: the text's colour over all that is painted behind it.
          const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
          const known = new Map();
          const colour = text => {
            if (!known.has(text)) {
              canvas.clearRect(0, 0, 1, 1);
              canvas.fillStyle = text;
              canvas.fillRect(0, 0, 1, 1);
              const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
              known.set(text, [r, g, b, a / 255]);
            }
            return known.get(text);
          };
          const over = ([r, g, b, a], under) => [r, g, b].map((c, i) => c * a + under[i] * (1 - a));
          const behind = e => {
            if (!e) return [255, 255, 255];
            const s = getComputedStyle(e);
            const c = colour(s.backgroundColor);
            if (s.backgroundImage !== 'none') return null;
            if (c[3] === 1) return c.slice(0, 3);
            const under = behind(e.parentElement);
            return under && over(c, under);
          };
          const light = rgb => {
            const [r, g, b] = rgb.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const told = new Set();
          for (const e of all) {
            const field = e.matches('input:not([type=hidden], [type=checkbox], [type=radio], [type=file], [type=range], [type=color]), select, textarea');
            const writes = field || [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim());
            if (!writes || !seen(e) || e.matches('option, :disabled') || e.closest('svg, [aria-disabled=true]')) continue;
            const s = getComputedStyle(e);
            if (s.clipPath === 'inset(50%)') continue;
            const ground = behind(e);
            if (!ground) { complaints.push(`text on a picture, its contrast cannot be told: ${show(e)}`); continue; }
            let opacity = 1;
            for (let at = e; at; at = at.parentElement) opacity *= getComputedStyle(at).opacity;
            const [r, g, b, a] = colour(s.color);
            const text = over([r, g, b, a * opacity], ground);
            const [dark, bright] = [light(text), light(ground)].sort((x, y) => x - y);
            const ratio = (bright + 0.05) / (dark + 0.05);
            const size = parseFloat(s.fontSize);
            const need = size >= 24 || (size >= 18.66 && s.fontWeight >= 700) ? 3 : 4.5;
            const pair = `contrast ${ratio.toFixed(2)} instead of ${need}: ${s.color} on rgb(${ground.map(Math.round).join(', ')})`;
            if (ratio < need && !told.has(pair)) { told.add(pair); complaints.push(`${pair}: ${show(e)}`); }
          }
          return complaints;
        }
        """;
}
