using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Health;

/// <summary>The probe that fits what is to be asked.</summary>
public static class Probes
{
    /// <param name="site">Where the service listens; null for one that does not.</param>
    /// <param name="target">A path on that address, or a URL; null to ask nothing.</param>
    /// <param name="rule">How it is asked, and which answers are good.</param>
    /// <param name="timeout">How long one question may take.</param>
    /// <returns>Null where there is nothing to ask.</returns>
    public static HttpProbe? Create(ProbeSite? site, string? target, ProbeRule rule, TimeSpan timeout) =>
        target is null || (site is null && target.StartsWith('/')) ? null : new HttpProbe(site, target, rule, timeout);
}
