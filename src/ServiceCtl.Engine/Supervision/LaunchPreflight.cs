using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Runners.Registry;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>Sees, before a running generation is ended, that nothing is missing for the launch of the next one.</summary>
internal sealed class LaunchPreflight
{
    private const string Shell = "/bin/sh";

    /// <summary>
    /// Asks whether the program may be run, by its user, with its arguments and environment, in its folder: one who can run this can run
    /// it.
    /// </summary>
    private const string Question = "test -x \"$0\"";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly SupervisionContext _context;

    public LaunchPreflight(SupervisionContext context)
    {
        _context = context;
    }

    /// <param name="definition">What is to be launched.</param>
    /// <param name="number">The generation's.</param>
    /// <param name="former">Where the running one listens.</param>
    /// <param name="withCode">Whether the code is to be imported as well, by a runner that can.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException">What is missing.</exception>
    public async Task RunAsync(
        ServiceDefinition definition, int number, IReadOnlyList<ServedAddress> former, bool withCode, CancellationToken cancellation)
    {
        var runner = _context.RunnerOf(definition);
        var plan = RunnerRegistry.PlanSocket(definition);
        RequireUserAndFolders(definition);
        SocketPlans.RequireOurs(definition, plan);
        foreach (var address in plan.Addresses.Select(served => served.Address).Except(former.Select(served => served.Address)))
        {
            if (AddressHolder.Find(address) is { } holder)
                throw HeldAddress.Taken(definition, address, holder.ToString());
        }

        var runFolder = Path.Combine(_context.RunFolderOf(definition.Name), number.ToString(CultureInfo.InvariantCulture));
        Directory.CreateDirectory(runFolder);
        try
        {
            var request = new LaunchRequest
            {
                Definition = definition,
                RunFolder = runFolder,
                Home = _context.Home,
                Sockets = plan.Passed,
                Connect = plan is { IsHeld: true, Main.UnixPath: null }
                    ? _ => throw new InvalidOperationException("nothing was launched") : null,
            };
            using var launch = await runner.PrepareAsync(request, cancellation);
            await RequireLaunchableAsync(definition, launch, cancellation);
            if (withCode && launch.Reload is { } reload)
                await reload.CheckCodeAsync(cancellation);
        }
        finally
        {
            Directory.Delete(runFolder, recursive: true);
        }
    }

    /// <summary>Makes what is missing of <c>directories_to_create</c>.</summary>
    /// <exception cref="ServiceCtlException">There is no such user, or a folder can't be made.</exception>
    public static void RequireUserAndFolders(ServiceDefinition definition)
    {
        // First: nothing is made for a user who can't have it.
        _ = Launcher.UserOf(definition.Name, definition.User);
        foreach (var folder in definition.DirectoriesToCreate)
        {
            try
            {
                UserFiles.MakeFolder(definition.Actor, folder, (UnixFileMode?)definition.DirectoriesMode);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new ServiceCtlException(
                    ErrorCode.System, folder, $"The folder {folder} of directories_to_create can't be made: {error.Message}",
                    $"Correct it in {definition.ConfigPath}, or the permissions above it.", error);
            }
        }
    }

    private async Task RequireLaunchableAsync(ServiceDefinition definition, ILaunch launch, CancellationToken cancellation)
    {
        var spec = new ProcessSpec
        {
            FileName = launch.FileName,
            Arguments = launch.Arguments,
            Environment = launch.Environment,
            WorkingDirectory = definition.Folder
        };
        SpawnRefusal.ThrowIfMissing(spec);
        try
        {
            var asked = spec with { FileName = Shell, Arguments = ["-c", Question, spec.FileName, .. spec.Arguments] };
            var asking = Launcher.AsUser(asked, definition.Name, definition.User, ServiceSandbox.Of(definition));
            var answer = await ProgramRun.RunAsync(asking, Limit, _context.Watcher, _context.Time, cancellation);
            if (answer.Exit.Code != 0)
            {
                throw new ServiceCtlException(new ErrorReport
                {
                    Code = ErrorCode.AccessDenied,
                    Target = definition.Name,
                    Message = $"{spec.FileName} can't be run{(definition.User is { } user ? $" as {user}" : "")} in {definition.Folder}.",
                    Advice =
                        $"See to the permissions of the file and the folders above it, and to service.user of {definition.ConfigPath}.",
                    LogLines = answer.Lines,
                });
            }
        }
        catch (ServiceCtlException refusal) when (refusal.Target == Shell)
        {
            // It was asked in the program's place, and refused for what it was given.
            throw new ServiceCtlException(
                refusal.Report with
                {
                    Target = spec.FileName,
                    Message = refusal.Message.Replace(Shell, spec.FileName, StringComparison.Ordinal)
                }, refusal);
        }
        catch (TimeoutException)
        {
            // The host is busy: what nobody has answered is no reason to refuse.
        }
    }
}
