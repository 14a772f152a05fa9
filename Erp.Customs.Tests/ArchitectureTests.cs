using System.Reflection;
using System.Reflection.Emit;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Tests;

/// <summary>What keeps the code as it was meant: arrows between rooms, what is public, what is referenced, how customs spell.</summary>
public class ArchitectureTests
{
    private const string Root = "Erp.Customs.Module";

    private static readonly string[] Lower = ["Archive", "Rendering", "Signing", "Storage", "Jobs", "Diagnostics"];

    /// <summary>Each room and the rooms that it may use; all may use the root (settings, China time, words), and the root alone knows all rooms.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["Platform"] = Lower,
        ["Upload"] = Lower,
        ["Integration"] = Lower,
        ["Payments"] = Lower,
        ["Retention"] = Lower,
        ["Completeness"] = Lower,
        ["Admin"] = Lower,
        ["Archive"] = ["Rendering", "Storage"],
        ["Diagnostics"] = ["Archive", "Rendering", "Signing", "Storage", "Jobs"],
        ["Rendering"] = ["Storage"],
        ["Signing"] = ["Storage"],
        ["Jobs"] = [],
        ["Storage"] = [],
    };

    private static readonly Assembly Product = typeof(CustomsModule).Assembly;

    [Fact]
    public void Rooms_use_no_rooms_but_those_below_them()
    {
        var used = Product.GetTypes().Where(type => Room(type) is not null)
            .SelectMany(type => UsedBy(type).Select(used => (From: Room(type)!, To: Room(used), Who: type, Whom: used)))
            .Where(arrow => arrow.To is not null && arrow.To != arrow.From)
            .ToList();
        Assert.Contains(used, arrow => arrow is { From: "Upload", To: "Signing" });
        var against = used.Where(arrow => !Arrows.TryGetValue(arrow.From, out var allowed) || !allowed.Contains(arrow.To)).Select(arrow => $"{arrow.Who} uses {arrow.Whom}");
        Assert.Equal("", string.Join('\n', against.Distinct(StringComparer.Ordinal)));
    }

    [Fact]
    public void Every_folder_is_a_room_that_stands_here() =>
        Assert.Subset(Arrows.Keys.ToHashSet(StringComparer.Ordinal), Product.GetTypes().Select(Room).OfType<string>().ToHashSet(StringComparer.Ordinal));

    [Fact]
    public void Nothing_of_the_module_is_public_but_its_entry() =>
        Assert.Equal([typeof(CustomsModule)], Product.GetExportedTypes());

    [Fact]
    public void The_contracts_reference_the_framework_alone()
    {
        var contracts = typeof(IErpModule).Assembly;
        var shared = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(typeof(object).Assembly.Location)))!;
        Assert.All(contracts.GetReferencedAssemblies(), reference => Assert.StartsWith(shared, Assembly.Load(reference).Location, StringComparison.Ordinal));
        var project = XDocument.Load(Path.Combine(RepositoryRoot, "Erp.Customs.Contracts", "Erp.Customs.Contracts.csproj"));
        Assert.DoesNotContain(project.Descendants(), item => item.Name.LocalName is "PackageReference" or "ProjectReference");
    }

    [Fact]
    public void The_module_knows_nothing_of_the_host_and_of_the_simulator() =>
        Assert.DoesNotContain(Product.GetReferencedAssemblies(), reference => reference.Name is "Erp.Customs.Host" or "Erp.Customs.Simulator" or "Erp.Customs.Tests");

    [Fact]
    public void Customs_fields_are_spelt_as_customs_spell_them_in_their_order()
    {
        var exchange = SampleExchanges.All[0];
        var rendered = new CanonicalRenderer().Render(exchange);
        Assert.Equal(
            ["guid", "initalRequest", "initalResponse", "ebpCode", "payCode", "payTransactionId", "totalAmount", "currency", "verDept", "payType", "tradingTime", "note"],
            Names(JsonNode.Parse(rendered.Head)!));
        var order = ((JsonArray)JsonNode.Parse(rendered.Lists)!)[0]!;
        Assert.Equal(["orderNo", "goodsInfo", "recpAccount", "recpCode", "recpName"], Names(order));
        Assert.Equal(["gname", "itemLink"], Names(order["goodsInfo"]![0]!));
        Assert.Equal(
            ["sessionID", "payExchangeInfoHead", "payExchangeInfoLists", "serviceTime", "certNo", "signValue"],
            Names(JsonNode.Parse(PayExInfoStr.Compose("s", rendered.Head, rendered.Lists, 1, "c", "v", serviceTimeAsNumber: false))!));
    }

    [Fact]
    public void States_are_the_words_of_the_design() =>
        Assert.Equal(
            ["received", "waiting_data", "waiting_signer", "signed", "sending", "unknown", "accepted", "rejected", "session_used", "needs_person"],
            Enum.GetValues<RequestState>().Select(RequestStates.Word));

    private static string RepositoryRoot => typeof(ArchitectureTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key is "RepositoryRoot").Value!;

    private static IEnumerable<string> Names(JsonNode node) => ((JsonObject)node).Select(member => member.Key);

    private static string? Room(Type type) =>
        type.Assembly == Product && type.Namespace is { } name && name.StartsWith(Root + ".", StringComparison.Ordinal) ? name[(Root.Length + 1)..].Split('.')[0] : null;

    /// <summary>Every type that stands in a type's declaration, in its members or in what they do.</summary>
    private static IEnumerable<Type> UsedBy(Type type)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var used = new List<Type?> { type.BaseType };
        used.AddRange(type.GetInterfaces());
        used.AddRange(type.GetFields(all).Select(field => field.FieldType));
        foreach (var method in type.GetMethods(all).Cast<MethodBase>().Concat(type.GetConstructors(all)))
        {
            used.AddRange(method.GetParameters().Select(parameter => parameter.ParameterType));
            used.Add((method as MethodInfo)?.ReturnType);
            used.AddRange(method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? []);
            used.AddRange(Tokens(method).SelectMany(InMember));
        }

        return used.OfType<Type>().SelectMany(Parts).Where(part => part != type);
    }

    private static IEnumerable<Type?> InMember(MemberInfo member) => member switch
    {
        Type type => [type],
        MethodInfo { IsGenericMethod: true } method => [method.DeclaringType, .. method.GetGenericArguments()],
        _ => [member.DeclaringType],
    };

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!) : type.IsGenericType ? [type, .. type.GetGenericArguments().SelectMany(Parts)] : [type];

    /// <summary>The members that a method's instructions name.</summary>
    private static IEnumerable<MemberInfo> Tokens(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        var ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            var instruction = code[at] == 0xFE ? Instructions[(short)(0xFE00 | code[at + 1])] : Instructions[code[at]];
            at += instruction.Size;
            if (instruction.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                yield return method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod)!;
            }

            at += instruction.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static readonly Dictionary<short, OpCode> Instructions = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(instruction => instruction.Value);
}
