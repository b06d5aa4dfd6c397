using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Packaging;

/// <summary>Whether a step of the version could be made: for CI, before somebody merges.</summary>
internal static class VersionCheck
{
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>: there is no project.</exception>
    public static IReadOnlyList<HostCheck> Run(VersionRequest request, TimeProvider time, CancellationToken cancellation)
    {
        List<HostCheck> checks = [];
        ProjectFile? project = null;
        Look("project", () =>
        {
            project = ProjectFile.Read(request.Folder, cancellation);
            return $"{project.Name} {project.Version}";
        });
        List<string> problems = [];
        var changes = ChangeFiles.Read(request.Folder, problems);
        Look("changes", () => problems.Count == 0 ? Counted(changes.Count) : throw new ServiceCtlException(ErrorCode.InvalidArgument, null,
            string.Join(' ', problems), "Rename or delete them."));
        if (problems.Count == 0 && !request.IsEmptyAllowed)
            Look("change", () => changes.Count > 0 ? changes[0].ToString() : throw new ServiceCtlException(ErrorCode.InvalidState, null,
                "Nothing says what is new.", "Write it: 'servicectl change fix \"What works now\"'."));
        if (project?.FoundVersion is { } version)
        {
            Look("version", () => request.Kind == VersionKind.Calendar
                ? NextVersion.Calendar(version, request, DateOnly.FromDateTime(time.GetLocalNow().Date)).Version
                : NextVersion.Semantic(NextVersion.Released(version), request, changes.Select(change => change.Kind)).Version,
                "The next one is ");
        }

        return checks;

        void Look(string name, Func<string> look, string words = "")
        {
            try
            {
                checks.Add(new HostCheck { Name = name, Outcome = HostCheckOutcome.Passed, Message = words + look() });
            }
            catch (ServiceCtlException error) when (error.Code != ErrorCode.ConfigNotFound)
            {
                checks.Add(new HostCheck
                {
                    Name = name,
                    Outcome = HostCheckOutcome.Failed,
                    Message = error.Report.ListProblems().FirstOrDefault() is { } problem ? problem.ToString() : error.Message,
                    Advice = error.Advice,
                });
            }
        }
    }

    private static string Counted(int count) => count == 1 ? "There is 1." : $"There are {count}.";
}
