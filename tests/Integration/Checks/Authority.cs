using System.Net;
using System.Text;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Checks;

/// <summary>
/// Stands for a company's own token service: gives the user me the token of-me for the password right, and 401 to others.
/// </summary>
internal sealed class Authority : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _loop;

    public Authority()
    {
        Address = $"http://127.0.0.1:{LocalService.FreePort()}/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _loop = Task.Run(RunAsync);
    }

    public string Address { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _loop;
    }

    private async Task RunAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream);
            var isRight = await reader.ReadToEndAsync() == """{"user":"me","passw":"right"}""";
            context.Response.StatusCode = isRight ? 200 : 401;
            context.Response.Close(Encoding.UTF8.GetBytes(isRight ? """{"result": {"token": "of-me"}}""" : "no"), willBlock: true);
        }
    }
}
