using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Contracts.Hosting;

/// <summary>
/// <c>modules.json</c> in the data folder: which modules a person has switched on or off, e.g. <c>{"Erp.Customs": true}</c>.
/// A module that does not stand in it was never switched: there the setting <c>Modules:Enabled</c> decides.
/// </summary>
internal sealed class ModuleStateFile(string dataDirectory, ILogger logger)
{
    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true };

    private readonly string _path = Path.Combine(dataDirectory, "modules.json");
    private readonly Lock _gate = new();
    private SortedDictionary<string, bool>? _states;

    /// <summary>Whether a module was switched on (true), off (false), or never switched.</summary>
    public bool? this[string id]
    {
        get
        {
            lock (_gate)
            {
                return States.TryGetValue(id, out var enabled) ? enabled : null;
            }
        }
    }

    private SortedDictionary<string, bool> States => _states ??= Read();

    /// <summary>Remembers; durable when it returns.</summary>
    /// <exception cref="IOException">The data folder cannot be written to; nothing is remembered.</exception>
    public void Save(string id, bool enabled)
    {
        lock (_gate)
        {
            if (States.TryGetValue(id, out var before) && before == enabled)
            {
                return;
            }

            var states = new SortedDictionary<string, bool>(States, StringComparer.OrdinalIgnoreCase) { [id] = enabled };
            Write(states);
            _states = states;
        }
    }

    private SortedDictionary<string, bool> Read()
    {
        if (!File.Exists(_path))
        {
            return new(StringComparer.OrdinalIgnoreCase);
        }

        try
        {
            return new(JsonSerializer.Deserialize<Dictionary<string, bool>>(File.ReadAllBytes(_path)) ?? [], StringComparer.OrdinalIgnoreCase);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            var kept = _path + ".unreadable";
            File.Move(_path, kept, overwrite: true);
            logger.LogError(exception, "{Path} is not a JSON object of true and false; it was kept as {Kept}, and the setting Modules:Enabled decides which modules start.", _path, kept);
            return new(StringComparer.OrdinalIgnoreCase);
        }
    }

    // A reader sees the old file or the new one, never half of one, also after a loss of power.
    private void Write(SortedDictionary<string, bool> states)
    {
        OwnerOnly.CreateDirectory(dataDirectory);
        var temporary = _path + ".new";
        File.Delete(temporary);
        using (var file = OwnerOnly.CreateFile(temporary))
        {
            JsonSerializer.Serialize(file, states, _json);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, _path, overwrite: true);
    }
}
