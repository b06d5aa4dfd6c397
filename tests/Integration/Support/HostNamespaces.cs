using System.Diagnostics;
using System.Globalization;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Integration.Support;

/// <summary>What makes a process tree a host: network, mounts and processes of its own. All of it ends with its first process.</summary>
internal sealed class HostNamespaces : IAsyncDisposable
{
    /// <summary>Beside root, who can log in.</summary>
    public const string User = "deploy";

    public const string RuntimeFolder = "/run/user/4711";

    // The first process outlives sshd, so that what sessions leave behind has somebody who reaps it; it ends when nobody holds its input.
    // What is written below /usr and its like goes to memory. sudo may be one that is unpacked only.
    private const string Launch = """
        mkdir -p "$1/own"
        mount -t tmpfs own "$1/own"
        for place in /etc /usr /var/lib; do
            mkdir -p "$1/own/upper$place" "$1/own/work$place"
            lower=$place
            if [ $place = /usr ] && [ -n "$3" ]; then lower=$3/usr:/usr; fi
            if [ $place = /etc ] && [ -n "$3" ]; then lower=/etc:$3/etc; fi
            mount -t overlay own -o "lowerdir=$lower,upperdir=$1/own/upper$place,workdir=$1/own/work$place" $place
        done
        for place in /home /root /run /srv; do
            mkdir -p "$1/own/upper$place"
            mount --bind "$1/own/upper$place" $place
        done
        grep -q ^sshd: /etc/passwd || echo sshd:x:74:65534::/run/sshd:/usr/sbin/nologin >>/etc/passwd
        echo deploy:x:4711:4711::/home/deploy:/bin/sh >>/etc/passwd
        echo 'deploy:*:19000:0:99999:7:::' >>/etc/shadow
        echo deploy:x:4711: >>/etc/group
        for type in auth account session; do echo "$type required pam_permit.so"; done >/etc/pam.d/sudo
        mkdir -p /run/sshd /run/user/4711 /home/deploy
        chmod 700 /run/user/4711 /home/deploy /root
        chown 4711:4711 /run/user/4711 /home/deploy
        ip link set lo up
        echo made
        read -r name ip gateway
        hostname "$name" 2>/dev/null || :
        # Nobody answers questions for names there, and sudo would wait for it.
        echo "127.0.0.1 localhost $name" >/etc/hosts
        rm -f /etc/resolv.conf
        ip address add "$ip/30" dev eth0
        ip link set eth0 up
        ip route add default via "$gateway"
        "$2" -D -e -f "$1/sshd_config" </dev/null >/dev/null &
        cat >/dev/null
        """;

    private HostNamespaces(Process process, int first)
    {
        Process = process;
        First = first;
        // A network of four addresses for each process number; 198.18.0.0/15 is nobody's (RFC 2544).
        var net = (198u << 24) + (18u << 16) + (uint)(first % 32768 * 4);
        Gateway = AddressOf(net + 1);
        Ip = AddressOf(net + 2);
        Cable = $"sc{first}";
    }

    public Process Process { get; }

    public string Ip { get; }

    /// <summary>This machine, as the host sees it.</summary>
    public string Gateway { get; }

    public string Root => $"/proc/{First}/root";

    /// <summary>The sshd that takes connections.</summary>
    public int Listener => ProcessTable.Read().ChildrenOf(First).Single(process => process.Name == "sshd").Pid;

    private int First { get; }

    private string Cable { get; }

    public static async Task<HostNamespaces> StartAsync(string folder, string sshd)
    {
        var process = Process.Start(new ProcessStartInfo("/usr/bin/unshare",
            [
                "--mount", "--uts", "--net", "--pid", "--fork", "--kill-child", "--mount-proc",
                "/bin/sh", "-ec", Launch, "host", folder, sshd, Repository.PackageFolder("sudo") ?? "",
            ])
        { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = Patience.Begin();
        var said = await process.StandardOutput.ReadLineAsync(limit.Token);
        Assert.True(said == "made", said is null ? await process.StandardError.ReadToEndAsync(limit.Token) : said);
        var host = new HostNamespaces(process, ProcessTable.Read().ChildrenOf(process.Id).Single().Pid);
        await IpAsync("link", "add", host.Cable, "type", "veth", "peer", "name", "eth0", "netns", $"{host.First}");
        await IpAsync("address", "add", $"{host.Gateway}/30", "dev", host.Cable);
        await host.PlugAsync(isIn: true);
        await process.StandardInput.WriteLineAsync($"host {host.Ip} {host.Gateway}".AsMemory(), limit.Token);
        await process.StandardInput.FlushAsync(limit.Token);
        return host;
    }

    public Task PlugAsync(bool isIn) => IpAsync("link", "set", Cable, isIn ? "up" : "down");

    /// <summary>Runs a program on the host, as root.</summary>
    public Task<CommandResult> RunAsync(params string[] command) =>
        CommandResult.RunAsync("/usr/bin/nsenter", ["--target", $"{First}", "--all", "--", .. command]);

    /// <summary>The number by which this machine knows a process of the host; -1 for none.</summary>
    public int PidHere(int pid) => ProcFs.Pids().FirstOrDefault(
        each => NumbersOf(each) is [.., var last] and not [_] && last == pid && IsOfHost(each), -1);

    public async ValueTask DisposeAsync()
    {
        Process.Kill();
        await Process.WaitForExitAsync();
        // The kernel removes the cable some time after the network at its other end; its address may be wanted before.
        await CommandResult.RunAsync("/usr/sbin/ip", "link", "delete", Cable);
    }

    private bool IsOfHost(int pid)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/ns/pid").LinkTarget == new FileInfo($"/proc/{First}/ns/pid").LinkTarget;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static int[] NumbersOf(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(each => each.StartsWith("NSpid:", StringComparison.Ordinal));
            return [.. (line ?? "").Split('\t').Skip(1).Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static string AddressOf(uint address) => FormattableString.Invariant(
        $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}");

    private static async Task IpAsync(params string[] words)
    {
        var done = await CommandResult.RunAsync("/usr/sbin/ip", words);
        Assert.True(done.Code == 0, done.ToString());
    }
}
