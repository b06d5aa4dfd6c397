using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Integration.Support;

/// <summary>A service in a folder and on a port of its own, and what is done with it.</summary>
public class LocalService
{
    private readonly Home _home;

    public LocalService(Home home, string name)
        : this(home, name, home.Folder(name), FreePort())
    {
    }

    protected LocalService(Home home, string name, string folder, int port)
    {
        _home = home;
        Name = name;
        Folder = folder;
        Port = port;
    }

    /// <param name="home">Where it lives.</param>
    /// <param name="name">Its name.</param>
    /// <param name="config">Its configuration; <c>PORT</c> stands for its port.</param>
    /// <param name="files">The other files of its folder, by name; those that begin with <c>#!</c> are executable.</param>
    public LocalService(Home home, string name, string config, params (string Name, string Text)[] files)
        : this(home, name)
    {
        File.WriteAllText(Config, config.Replace("PORT", Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        foreach (var (file, text) in files)
        {
            var path = Path.Combine(Folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            if (text.StartsWith("#!", StringComparison.Ordinal))
                File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        }
    }

    public string Name { get; }

    public string Folder { get; }

    public int Port { get; }

    /// <summary>Where it is reached.</summary>
    public string Ip => _home.Ip;

    public string Config => Path.Combine(Folder, "config.yaml");

    public static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    /// <summary>The body that the service answers with. No pooled connection, no second try: one question on one connection.</summary>
    public async Task<string> GetAsync(string path)
    {
        using var limit = Patience.Begin();
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(_home.Ip, Port, limit.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n"), limit.Token);
            using var reader = new StreamReader(stream);
            var answer = (await reader.ReadToEndAsync(limit.Token)).Split("\r\n\r\n", 2);
            return answer is [var head, var body] && head.Split(' ') is [_, "200", ..]
                ? body : throw new HttpRequestException($"answered '{answer[0]}'");
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            throw new HttpRequestException(error.Message, error);
        }
    }

    /// <summary>Asks for /slow/… or /until/…, and returns when a worker has the request.</summary>
    public async Task<Task<string>> BeginAsync(string path)
    {
        var begun = Path.Combine(Folder, "begun");
        File.Delete(begun);
        var answer = GetAsync(path);
        await Condition.HoldsAsync(() => answer.IsCompleted || File.Exists(begun), "a worker has the request");
        return answer;
    }

    public async Task<string> GetFromUnixAsync(string socket, string path)
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await client.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(Folder, socket)), cancellation);
                return new NetworkStream(client, ownsSocket: true);
            },
        });
        return await http.GetStringAsync(new Uri($"http://localhost{path}"));
    }

    public void Replace(string file, string text, string by)
    {
        var path = Path.Combine(Folder, file);
        var content = File.ReadAllText(path);
        Assert.Contains(text, content, StringComparison.Ordinal);
        File.WriteAllText(path, content.Replace(text, by, StringComparison.Ordinal));
        // Python compares whole seconds and sizes when it looks for stale bytecode.
        if (Directory.Exists(Path.Combine(Folder, "__pycache__")))
            Directory.Delete(Path.Combine(Folder, "__pycache__"), recursive: true);
    }

    public async Task<OperationResult> OrderAsync(ServiceAction action, CancellationToken cancellation = default)
    {
        await _home.Client.Services.RegisterAsync(Folder, null, cancellation);
        var results = new List<OperationResult>();
        await foreach (var result in _home.Client.Services.OperateAsync(new OperationRequest { Action = action, Services = [Name] }, null,
            cancellation))
            results.Add(result);
        return Assert.Single(results, result => result.Because is null);
    }

    public Task RegisterAsync() => _home.Client.Services.RegisterAsync(Folder, null, CancellationToken.None);

    /// <summary>Gives an order that has to succeed.</summary>
    public async Task<OperationResult> MustAsync(ServiceAction action)
    {
        var result = await OrderAsync(action);
        Assert.True(result.Outcome == OperationOutcome.Done,
            $"{action}: {result.Message}\n{string.Join('\n', result.Error?.LogLines ?? [])}");
        return result;
    }

    /// <summary>Its status once it has so many processes: servers and scripts may start more after they are ready.</summary>
    public async Task<PyServiceStatus> WithProcessesAsync(int count)
    {
        var status = await StatusAsync();
        await Condition.HoldsAsync(async () => (status = await StatusAsync()).ProcessCount == count, $"{count} processes of {Name}");
        return status;
    }

    public async Task<PyServiceStatus> StatusAsync() =>
        Assert.Single(await _home.Client.Services.GetStatusAsync([Name], CancellationToken.None));
}
