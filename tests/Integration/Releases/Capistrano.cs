using System.Diagnostics;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Releases;

/// <summary>Debian's real Capistrano, unpacked by build.sh, which deploys on this host without a connection.</summary>
internal sealed class Capistrano
{
    private const string InstalledGems = "/usr/share/rubygems-integration/all";

    private static readonly string Packages = Path.Combine(Repository.Root, "output/tools/packages/capistrano");

    private readonly string _folder;

    /// <param name="home">Whose folder its files go into.</param>
    /// <param name="repository">What it deploys.</param>
    /// <param name="deployTo">Where to.</param>
    /// <param name="settings">More of deploy.rb.</param>
    public Capistrano(Home home, string repository, string deployTo, string settings = "")
    {
        Assert.SkipWhen(Ruby is null,
            "Capistrano could not be unpacked on this machine: './build.sh test' does it by apt-get (packages capistrano, ruby)");
        _folder = home.Folder("capistrano");
        Directory.CreateDirectory(Path.Combine(_folder, "config/deploy"));
        Write("Capfile", """
            require "capistrano/setup"
            require "capistrano/deploy"
            require "capistrano/scm/git"
            install_plugin Capistrano::SCM::Git
            """);
        Write("config/deploy.rb", $"""
            set :application, "web"
            set :repo_url, "{repository}"
            set :branch, "main"
            set :deploy_to, "{deployTo}"
            set :sshkit_backend, SSHKit::Backend::Local
            {settings}
            """);
        Write("config/deploy/production.rb", "server \"localhost\", roles: %w[app]\n");
    }

    /// <summary>What is installed already was not unpacked, Ruby itself included.</summary>
    private static string? Ruby => !Directory.Exists(Packages) ? null
        : Repository.Unpacked("capistrano", "ruby3.*") ?? (File.Exists("/usr/bin/ruby") ? "/usr/bin/ruby" : null);

    /// <summary>The text of its own sources.</summary>
    public static IEnumerable<string> Sources => Directory.EnumerateFiles(
            Path.Combine(Packages, "usr/lib/ruby/vendor_ruby/capistrano"), "*.r*", SearchOption.AllDirectories)
        .Select(File.ReadAllText);

    /// <summary>Runs <c>cap</c>, which has to succeed.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Ruby!, [Path.Combine(Packages, "usr/bin/cap"), .. arguments])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var libraries = FoldersIn(Path.Combine(Packages, "usr/lib"), "*-linux-gnu");
        start.Environment["LD_LIBRARY_PATH"] = string.Join(':', libraries);
        start.Environment["RUBYLIB"] = string.Join(':',
            FoldersIn(Path.Combine(Packages, "usr/share/rubygems-integration/all/gems"))
                .Select(gem => Path.Combine(gem, "lib"))
                .Append(Path.Combine(Packages, "usr/lib/ruby/vendor_ruby"))
                .Concat(libraries.Append(Path.Combine(Packages, "usr/lib"))
                    .Select(library => Path.Combine(library, "ruby"))
                    .SelectMany(ruby => FoldersIn(ruby, "3.*").Concat(FoldersIn(Path.Combine(ruby, "vendor_ruby"), "3.*")))));
        start.Environment["GEM_PATH"] = string.Join(':', Path.Combine(Packages, "usr/share/rubygems-integration/all"), InstalledGems);
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["USER"] = Environment.UserName;
        using var process = Process.Start(start)!;
        var result = await CommandResult.OfAsync(process);
        Assert.True(result.Code == 0, $"cap {string.Join(' ', arguments)}: {result}");
        return result.Output;
    }

    private static string[] FoldersIn(string folder, string pattern = "*") =>
        Directory.Exists(folder) ? Directory.GetDirectories(folder, pattern) : [];

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);
}
