using System.Globalization;
using Erp.Customs.SignAgent;

// The sign agent: a small program for the PC with the card; see README.md.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (OperatingSystem.IsWindows())
{
    Console.OutputEncoding = System.Text.Encoding.UTF8;
}

return await Verbs.RunAsync([.. args]);
