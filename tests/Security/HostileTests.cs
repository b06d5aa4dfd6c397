namespace ServiceCtl.Tests.Security;

/// <summary>A service in a folder that its user owns, and a file of root's that this user would like to have.</summary>
public abstract class HostileTests(Attackers attackers) : IAsyncDisposable
{
    private protected const string Secret =
        "Traceback (most recent call last):\n  File \"/root/x.py\", line 1, in <module>\nRuntimeError: what only root may read\n";

    private protected Home Home { get; } = new();

    /// <summary>A folder of root's, with a file that nobody else may read or write.</summary>
    private protected string Precious => Path.Combine(Home.Folder("precious"), "data");

    private protected ThrowawayUser User => attackers.Owner;

    private protected ThrowawayUser Stranger => attackers.Stranger;

    public async ValueTask DisposeAsync()
    {
        await Home.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected FlaskService Service(string? uwsgi = null, string more = "service: {user: USER}")
    {
        var user = User;
        File.WriteAllText(Precious, Secret);
        File.SetUnixFileMode(Precious, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var service = new FlaskService(Home, "hostile", uwsgi, more.Replace("USER", user.Name, StringComparison.Ordinal));
        if (more.Contains("PORT", StringComparison.Ordinal))
            service.Replace("config.yaml", "listen: 127.0.0.1:PORT", $"listen: 127.0.0.1:{service.Port}");
        ThrowawayUser.Open(service.Folder);
        Directory.CreateDirectory(Path.Combine(service.Folder, "log"));
        Directory.CreateDirectory(Path.Combine(service.Folder, "tmp"));
        user.Own(service.Folder);
        return service;
    }

    /// <summary>As the user would: in its own folder, in the place of what is there.</summary>
    private protected static void Link(string path, string target)
    {
        File.Delete(path);
        File.CreateSymbolicLink(path, target);
    }

    private protected async Task<string> EventsAsync(LocalService service) =>
        (await Home.RunAsync(service.Folder, "events", service.Name, "-n", "50")).Output;

    private protected void AssertPreciousIsIntact() => Assert.Equal(Secret, File.ReadAllText(Precious));
}
