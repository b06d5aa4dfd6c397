using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Failures;

/// <summary>How often something is tried again (<c>retry</c>), as a configuration writes it.</summary>
internal static class FailureRetryReader
{
    public static readonly string[] Keys = ["delay", "factor", "max_delay", "jitter", "give_up"];

    public static FailureRetry Read(RuleMapping retry)
    {
        var jitter = retry.ReadValue("jitter", ConfigTypes.Percentage) ?? 0;
        if (jitter > 100)
            retry.Refuse("jitter", "More than 100 % would make a wait negative.", "Write at most `100%`.");
        return new FailureRetry
        {
            Delay = retry.ReadValue("delay", ConfigTypes.Duration),
            Factor = retry.ReadValue("factor", FailureRuleSchema.Factor),
            MaxDelay = retry.ReadValue("max_delay", ConfigTypes.Duration),
            JitterPercent = jitter,
            GiveUp = retry.ReadValue("give_up", ConfigTypes.Rate),
        };
    }
}
