using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners;

/// <summary>A way to launch services: uWSGI, gunicorn, … One folder and one class each; the supervisor knows only this.</summary>
public interface IRunner
{
    /// <summary>The word of <c>service.runner</c>.</summary>
    string Name { get; }

    /// <summary>Processes to launch for one generation: more than one only where the server has no workers of its own.</summary>
    int CountProcesses(ServiceDefinition definition) => 1;

    /// <summary>Checks that everything a launch needs is there, and writes the files it needs.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.RunnerMissing"/>, <see cref="ErrorCode.EnvironmentMissing"/>,
    /// <see cref="ErrorCode.ConfigInvalid"/>.</exception>
    Task<ILaunch> PrepareAsync(LaunchRequest request, CancellationToken cancellation);

    /// <summary>Knows a launch again that another agent prepared. Writes and checks nothing.</summary>
    ILaunch Recognise(LaunchRequest request);
}
