using ServiceCtl.Contracts;

namespace ServiceCtl.Host.Status;

/// <summary>Which services are shown, and how.</summary>
/// <param name="Names">Names, or patterns; none: all.</param>
/// <param name="States">Only those that are in one of these; none: all.</param>
/// <param name="AsJson">Not as text.</param>
internal sealed record StatusQuery(string[] Names, ServiceState[] States, bool AsJson);
