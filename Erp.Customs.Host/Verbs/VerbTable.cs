namespace Erp.Customs.Host.Verbs;

/// <summary>Finds the verb on the command line, and says what there is when it cannot.</summary>
internal static class VerbTable
{
    /// <summary>Exit code of a command line that cannot be understood.</summary>
    public const int Misunderstood = 2;

    /// <summary>Exit code of a verb that could not do what it was told.</summary>
    public const int Failed = 1;

    /// <summary>Runs what the command line says; the first verb is meant when it names none.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<Verb> verbs, string[] args)
    {
        if (args is ["help" or "--help" or "-h" or "-?", ..])
        {
            Console.WriteLine(Help(verbs));
            return 0;
        }

        var arguments = new VerbArguments(args);
        var word = arguments.TakeWord();
        var verb = word is null ? verbs[0] : verbs.FirstOrDefault(verb => string.Equals(verb.Name, word, StringComparison.Ordinal));
        if (verb is null)
        {
            await Console.Error.WriteLineAsync(
                $"未知命令 {word}，可用命令：{string.Join("、", verbs.Select(known => known.Name))}。 There is no verb {word}; see --help.");
            return Misunderstood;
        }

        try
        {
            return await verb.RunAsync(arguments);
        }
        catch (UsageException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return Misunderstood;
        }
        catch (InvalidDataException exception)
        {
            // A settings file that is no JSON: the framework's sentence names the file, its cause the line.
            await Console.Error.WriteLineAsync($"{exception.Message} {exception.InnerException?.Message}".TrimEnd());
            return Failed;
        }
    }

    private static string Help(IReadOnlyList<Verb> verbs)
    {
        var width = verbs.Max(verb => verb.Name.Length) + 2;
        return $"""
            Erp.Customs.Host [命令 verb] [选项 options]

            命令 verbs:
            {string.Join(Environment.NewLine, verbs.Select(verb => $"  {verb.Name.PadRight(width)}{verb.Summary}"))}

            选项 options:
              --urls URL     监听地址，默认 {HostApplication.DefaultUrl}。 Where to listen.
              --data DIR     数据目录，默认当前目录下的 data。 Where data is kept, ./data by default.
              --Name:Sub V   任意配置项；也可写入 appsettings.json（程序旁或数据目录中）或环境变量 Name__Sub。
                             Any setting; also in appsettings.json (beside the program or in the data folder) or as Name__Sub in the environment.
            """;
    }
}
