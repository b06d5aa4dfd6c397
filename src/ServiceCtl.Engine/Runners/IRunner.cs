using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners;

/// <summary>A way to launch services: uWSGI, gunicorn, … One folder and one class each; the supervisor knows only this.</summary>
public interface IRunner
{
    /// <summary>The word of <c>service.runner</c>.</summary>
    string Name { get; }

    /// <summary>Where the service is going to listen, as far as its definition tells.</summary>
    ListenAddress? ListenAddressOf(ServiceDefinition definition);

    /// <summary>Checks that everything a launch needs is there, and writes the files it needs.</summary>
    /// <param name="definition">The service.</param>
    /// <param name="runFolder">A private folder for sockets and generated files; it exists.</param>
    /// <param name="cancellation">Gives up; nothing has been started then.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.RunnerMissing"/>, <see cref="ErrorCode.EnvironmentMissing"/>, <see cref="ErrorCode.ConfigInvalid"/>.</exception>
    Task<ILaunch> PrepareAsync(ServiceDefinition definition, string runFolder, CancellationToken cancellation);
}
