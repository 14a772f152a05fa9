using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Erp.Customs.Tests.Support;

/// <summary>HTTP/1.1 written by hand: every byte and its moment are the test's.</summary>
internal sealed class RawHttp : IAsyncDisposable
{
    private readonly TcpClient _client = new();
    private NetworkStream _stream = null!;

    public static async Task<RawHttp> ConnectAsync(Uri address)
    {
        var raw = new RawHttp();
        await raw._client.ConnectAsync(address.Host, address.Port);
        raw._stream = raw._client.GetStream();
        return raw;
    }

    public Task WriteAsync(string text) => _stream.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();

    /// <summary>Reads one answer that says how long it is, or that comes in chunks.</summary>
    public async Task<(int Status, string Head, string Body)> ReadAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var head = await ReadUntilAsync("\r\n\r\n", limit.Token);
        var status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
        return (status, head, await ReadBodyAsync(head, limit.Token));
    }

    /// <summary>Waits until the other side closes, and tells what still came.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var rest = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(rest, limit.Token);
        }
        catch (IOException reset) when (reset.InnerException is SocketException)
        {
            // A close without manners is one all the same.
            return Encoding.UTF8.GetString(rest.ToArray());
        }

        return Encoding.UTF8.GetString(rest.ToArray());
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> ReadBodyAsync(string head, CancellationToken cancellationToken)
    {
        var length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        if (length is not null)
        {
            return await ReadExactlyAsync(int.Parse(length.AsSpan(15), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture), cancellationToken);
        }

        var body = new StringBuilder();
        while (true)
        {
            var size = int.Parse((await ReadUntilAsync("\r\n", cancellationToken)).TrimEnd(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.Append(await ReadExactlyAsync(size, cancellationToken));
            await ReadExactlyAsync(2, cancellationToken);
            if (size == 0)
            {
                return body.ToString();
            }
        }
    }

    private async Task<string> ReadUntilAsync(string end, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            await _stream.ReadExactlyAsync(one, cancellationToken);
            text.Append((char)one[0]);
        }

        return text.ToString();
    }

    private async Task<string> ReadExactlyAsync(int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        await _stream.ReadExactlyAsync(bytes, cancellationToken);
        return Encoding.UTF8.GetString(bytes);
    }
}
