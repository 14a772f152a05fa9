using System.Net;
using System.Net.Sockets;

namespace Erp.Customs.Reliability.World;

/// <summary>A way to a server that can be cut: while it is, nothing arrives and nobody is told; what was on its way goes on when it is mended. It outlives the server, which may come back at another port.</summary>
internal sealed class Cable : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile TaskCompletionSource _whole = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Uri _server;

    /// <summary>Lays it.</summary>
    /// <param name="server">Where it leads.</param>
    public Cable(Uri server)
    {
        _server = server;
        _whole.SetResult();
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>This end of it.</summary>
    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture)}");

    /// <summary>Leads new connections elsewhere.</summary>
    public void LeadTo(Uri server) => _server = server;

    /// <summary>Cuts it.</summary>
    public void Cut() => _whole = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Mends it.</summary>
    public void Mend() => _whole.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
                connections.RemoveAll(connection => connection.IsCompleted);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task CarryAsync(TcpClient here)
    {
        using var _ = here;
        using var there = new TcpClient { NoDelay = true };
        here.NoDelay = true;
        try
        {
            await there.ConnectAsync(_server.Host, _server.Port, _stop.Token);
            await Task.WhenAny(CarryAsync(here.GetStream(), there.GetStream()), CarryAsync(there.GetStream(), here.GetStream()));
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
        {
            // One of the two ends is gone; so is the other.
        }
    }

    private async Task CarryAsync(NetworkStream from, NetworkStream to)
    {
        var bytes = new byte[16 * 1024];
        try
        {
            while (await from.ReadAsync(bytes, _stop.Token) is > 0 and var read)
            {
                await _whole.Task.WaitAsync(_stop.Token);
                await to.WriteAsync(bytes.AsMemory(0, read), _stop.Token);
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The same.
        }
    }
}
