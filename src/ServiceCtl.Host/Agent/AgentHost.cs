using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Win32.SafeHandles;
using Serilog;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Agent;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;
using ServiceCtl.Host.Output;

namespace ServiceCtl.Host.Agent;

/// <summary>Runs the agent: takes the user's agent lock, serves the control API on the socket, and ends when told to.</summary>
internal static class AgentHost
{
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(1);

    private static readonly UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <param name="readyDescriptor">A descriptor that gets the line <c>ready</c>, or the reason why not; null for none.</param>
    public static async Task<int> RunAsync(int? readyDescriptor)
    {
        using var starter = readyDescriptor is { } descriptor ? new StarterPipe(descriptor) : null;
        var paths = AgentPaths.ForCurrentUser();
        // Who starts it by hand, in a unit or in a container, has chosen what it begins with.
        if (starter is not null)
            InheritedSession.Reset();
        try
        {
            if (ThreadHeadroom.IsLimited)
                ThreadShortage.RequireForAgent();
            else
                RaiseThreadPoolMinimum();
            paths.Ensure();
            using var only = LockFile.TryAcquire(paths.AgentLock);
            if (only is null)
                throw new ServiceCtlException(ErrorCode.InvalidState, paths.Socket, $"another agent runs already, on {paths.Socket}");

            await using var log = new LoggerConfiguration()
                .WriteTo.File(paths.AgentLog, shared: true, fileSizeLimitBytes: 10 << 20, rollOnFileSizeLimit: true,
                    retainedFileCountLimit: 3, formatProvider: System.Globalization.CultureInfo.InvariantCulture)
                .CreateLogger();
            await ServeAsync(paths, log, word => starter?.Report(word));
            return ExitCodes.Success;
        }
        catch (ServiceCtlException error)
        {
            starter?.Report(error.Message);
            throw;
        }
    }

    /// <summary>
    /// A launch waits in the kernel, for its child's exec and for the cgroup; with a thread for each processor, as by default, they all
    /// would at once.
    /// </summary>
    private static void RaiseThreadPoolMinimum()
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(2 * workers, completions);
    }

    private static async Task ServeAsync(AgentPaths paths, ILogger log, Action<string> say)
    {
        await using var agent = await CreateAsync(paths, log, say);
        await using var app = Build(paths, agent, log);
        await using var infra = new InfraServers(agent, paths.Home, log);
        await app.StartAsync();
        infra.Start();
        File.SetUnixFileMode(paths.Socket, OwnerOnly);
        File.SetUnixFileMode(paths.DialSocket, OwnerOnly);
        log.Information("Agent {Version} serves {Socket} as {User}, pid {Pid}", agent.Info.Version, paths.Socket, agent.Info.User,
            agent.Info.Pid);
        say(AgentLauncher.Ready);
        using var notifier = ServiceNotifier.FromEnvironment();
        notifier?.Ready();
        _ = ReportToManagerAsync(notifier, agent, app.Lifetime.ApplicationStopping);
        // Services are left running: they belong to their own sessions, not to this process.
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stopping = app.Lifetime.ApplicationStopping.Register(ended.SetResult);
        await ended.Task;
        notifier?.Stopping();
        await app.StopAsync();
        log.Information("Agent ends");

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            app.Lifetime.StopApplication();
        }
    }

    /// <summary>
    /// Signs of life for systemd, on the threads that serve the API: where these hang, it is silent and is ended, and the next agent takes
    /// the services on.
    /// </summary>
    private static async Task ReportToManagerAsync(ServiceNotifier? notifier, ServiceAgent agent, CancellationToken end)
    {
        if (notifier is null)
            return;
        try
        {
            using var clock = new PeriodicTimer(notifier.Watchdog / 3 ?? TimeSpan.FromSeconds(10));
            var status = "";
            do
            {
                var info = agent.Info;
                var words = $"{info.Running} of {info.Services} services run";
                if (words != status)
                    notifier.Status(status = words);
                notifier.KeepAlive();
            }
            while (await clock.WaitForNextTickAsync(end));
        }
        catch (OperationCanceledException)
        {
            // The agent ends.
        }
    }

    private static async Task<ServiceAgent> CreateAsync(AgentPaths paths, ILogger log, Action<string> say)
    {
        var creating = ServiceAgent.CreateAsync(paths, TimeProvider.System, log, CancellationToken.None);
        while (await Task.WhenAny(creating, Task.Delay(SignOfLife)) != creating)
            say(AgentLauncher.StillStarting);
        return await creating;
    }

    private static WebApplication Build(AgentPaths paths, ServiceAgent agent, ILogger log)
    {
        File.Delete(paths.Socket);
        File.Delete(paths.DialSocket);
        // The empty builder and the small content root keep it from watching files and reading settings that are not ours.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = paths.Home });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = 1 << 20;
            // A follower that is paused (Ctrl+Z, a pager) costs what its pipe holds; to cut it off would end what shares its channel, too.
            server.Limits.MinResponseDataRate = null;
            // A channel that a session holds has nothing to say for hours. Without any limit, Kestrel was seen to close it within a second.
            server.Limits.KeepAliveTimeout = TimeSpan.FromDays(7);
            server.Limits.Http2.MaxStreamsPerConnection = 1000;
            server.ListenUnixSocket(paths.Socket);
            server.ListenUnixSocket(paths.DialSocket, endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.Use((context, next) => IsOwner(context) ? next(context) : ErrorAnswers.WriteAsync(context, new ErrorReport
        {
            Code = ErrorCode.AccessDenied,
            Message = "This agent serves its own user, and root.",
        }));
        app.Use((context, next) => ErrorAnswers.CatchAsync(context, next, log));
        app.UseRouting();
        AgentRoutes.Map(app, agent, app.Lifetime);
        return app;
    }

    /// <summary>The folder's mode keeps others out; this holds even where somebody has opened the folder.</summary>
    private static bool IsOwner(HttpContext context)
    {
        var socket = context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
        var peer = PeerCredentials.Of(socket);
        return peer.Uid == 0 || peer.Uid == PeerCredentials.OwnUid;
    }

    /// <summary>Words to the client that started us, the last of which ends the conversation.</summary>
    private sealed class StarterPipe(int descriptor) : IDisposable
    {
        private readonly FileStream _stream = new(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Write, bufferSize: 0);

        public void Report(string line)
        {
            if (!_stream.CanWrite)
                return;
            try
            {
                _stream.Write(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
            }
            catch (IOException)
            {
                // It did not wait.
            }

            if (line != AgentLauncher.StillStarting)
                _stream.Dispose();
        }

        public void Dispose() => _stream.Dispose();
    }
}
