using System.Runtime.Versioning;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Projects;

namespace ServiceCtl.Client;

/// <summary>New projects from templates, and bringing them up to their templates. Asks no agent and needs no network.</summary>
[SupportedOSPlatform("linux")]
public static class ProjectVerbs
{
    /// <summary>What projects can be made from, and what may be chosen.</summary>
    public static IReadOnlyList<PyServiceTemplate> Templates => TemplateCatalog.Embedded.List();

    /// <summary>What would be made.</summary>
    /// <inheritdoc cref="CreateAsync"/>
    public static PyServiceProject PlanNew(ProjectRequest request) => new ProjectMaker(TemplateCatalog.Embedded).Plan(request);

    /// <summary>Makes a project: whole or not at all, and never over what is there.</summary>
    /// <param name="request">What it is to be.</param>
    /// <param name="cancellation">Gives up; nothing is left.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: the name can't be a package's, or the choices don't
    /// go together; <see cref="ErrorCode.FileExists"/>; <see cref="ErrorCode.AccessDenied"/>; <see cref="ErrorCode.System"/>.</exception>
    public static Task<PyServiceProject> CreateAsync(ProjectRequest request, CancellationToken cancellation) =>
        new ProjectMaker(TemplateCatalog.Embedded).MakeAsync(request, cancellation);

    /// <summary>What an update would do, with the lines that differ.</summary>
    /// <inheritdoc cref="UpdateAsync"/>
    public static Task<PyServiceProject> PlanUpdateAsync(ProjectUpdateRequest request, CancellationToken cancellation) =>
        new ProjectUpdater(TemplateCatalog.Embedded).PlanAsync(request, cancellation);

    /// <summary>
    /// Brings a project up to its template of this version, or to other answers. What nobody has changed follows the template, what was
    /// deleted stays deleted, what both have changed is merged; where both have changed the same lines, the file holds both, between
    /// markers.
    /// </summary>
    /// <param name="request">Which, and what it is to have.</param>
    /// <param name="cancellation">Gives up; nothing is changed.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>: no project; <see cref="ErrorCode.ConfigInvalid"/>;
    /// <see cref="ErrorCode.InvalidState"/>: files have changes that are not committed; <see cref="ErrorCode.InvalidArgument"/>;
    /// <see cref="ErrorCode.RunnerMissing"/>: there is no git, which merges; <see cref="ErrorCode.AccessDenied"/>;
    /// <see cref="ErrorCode.System"/>.</exception>
    public static Task<PyServiceProject> UpdateAsync(ProjectUpdateRequest request, CancellationToken cancellation) =>
        new ProjectUpdater(TemplateCatalog.Embedded).UpdateAsync(request, cancellation);
}
