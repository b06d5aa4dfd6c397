namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>
/// The part of the connections that a release gets before it takes over; <see cref="CanaryKeys"/> says what each value means.
/// </summary>
internal sealed record CanarySetting(
    IReadOnlyList<double> Shares, TimeSpan Step, int MinRequests, int NewExceptions, double ErrorRate, double? SlowerThan);
