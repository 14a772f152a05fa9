using System.Text.Json.Nodes;
using Erp.Customs.Contracts.Hosting;

namespace Erp.Customs.Tests.Hosting;

public sealed class When_a_module_folder_is_wrong : IDisposable
{
    private readonly TestFolders _folders = new();

    public void Dispose() => _folders.Dispose();

    [Theory]
    [InlineData("id", null, "field id is missing")]
    [InlineData("name", " ", "field name is missing")]
    [InlineData("version", null, "field version is missing")]
    [InlineData("assembly", null, "field assembly is missing")]
    [InlineData("entryType", null, "field entryType is missing")]
    [InlineData("contracts", null, "field contracts is missing")]
    [InlineData("contracts", "2", "field contracts is 2")]
    [InlineData("id", "Other", "field id is Other, and a module's folder must bear its id")]
    [InlineData("id", "a b", "field id must be 1 to 64 letters")]
    [InlineData("assembly", "../Erp.Sample.Module.dll", "field assembly must be the file name of a .dll")]
    [InlineData("assembly", "Nothing.dll", "there is no Nothing.dll")]
    [InlineData("assembly", "module.json.dll", "module.json.dll cannot be loaded (BadImageFormatException)")]
    [InlineData("entryType", "Erp.Sample.Module.Nothing", "holds no type Erp.Sample.Module.Nothing")]
    [InlineData("entryType", "Erp.Sample.Module.Pages.IndexModel", "must be a public class that implements IErpModule")]
    public async Task The_sentence_names_the_field_and_the_host_lives(string field, string? value, string sentence)
    {
        await File.WriteAllTextAsync(Path.Combine(_folders.Modules, TestErp.Sample, "module.json.dll"), "not an assembly");
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(_folders.SampleManifest))!;
        manifest[field] = value;
        await File.WriteAllTextAsync(_folders.SampleManifest, manifest.ToJsonString());

        await using var erp = await TestErp.StartAsync(_folders);
        var status = await erp.EnableAsync();
        Assert.Equal(ModuleState.Failed, status.State);
        Assert.Contains(sentence, status.Sentence, StringComparison.Ordinal);
        Assert.Equal(404, (await erp.GetAsync("/sample")).Status);
        Assert.Equal(200, (await erp.GetAsync("/host")).Status);
    }

    [Fact]
    public async Task What_is_no_JSON_is_shown_with_line_and_byte_and_works_once_it_is_corrected()
    {
        var right = await File.ReadAllTextAsync(_folders.SampleManifest);
        await File.WriteAllTextAsync(_folders.SampleManifest, "{\n  \"id\": Erp.Sample\n}");
        await using var erp = await TestErp.StartAsync(_folders);
        Assert.Equal(ModuleState.Failed, erp.Status().State);
        Assert.Contains("line 2, byte 9", erp.Status().Sentence, StringComparison.Ordinal);

        await File.WriteAllTextAsync(_folders.SampleManifest, right);
        Assert.Equal(ModuleState.Running, (await erp.EnableAsync()).State);
    }

    [Fact]
    public async Task A_folder_that_comes_or_goes_is_seen_without_a_restart()
    {
        var elsewhere = Path.Combine(_folders.Root, "elsewhere");
        Directory.Move(Path.Combine(_folders.Modules, TestErp.Sample), elsewhere);
        await using var erp = await TestErp.StartAsync(_folders);
        Assert.Empty(erp.Modules.All);

        Directory.Move(elsewhere, Path.Combine(_folders.Modules, TestErp.Sample));
        erp.Modules.Discover();
        Assert.Equal(ModuleState.Disabled, erp.Status().State);
        Assert.Equal(503, (await erp.GetAsync("/sample")).Status);

        Directory.Move(Path.Combine(_folders.Modules, TestErp.Sample), elsewhere);
        erp.Modules.Discover();
        Assert.Empty(erp.Modules.All);
        Assert.Equal(404, (await erp.GetAsync("/sample")).Status);
    }

    [Fact]
    public async Task A_folder_without_a_manifest_is_no_module()
    {
        Directory.CreateDirectory(Path.Combine(_folders.Modules, "notes"));
        await using var erp = await TestErp.StartAsync(_folders);
        Assert.Equal(TestErp.Sample, Assert.Single(erp.Modules.All).Manifest.Id);
    }
}
