using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Engine.Failures;

/// <summary>What the rule that decided about a failure says to whom: codes, and texts with everything filled in.</summary>
/// <param name="service">Its name.</param>
/// <param name="decision">By which rule.</param>
/// <param name="facts">About what.</param>
/// <param name="attempt">Which start in a row follows.</param>
internal sealed class FailureTexts(string service, FailureDecision decision, FailureFacts facts, int attempt)
{
    private readonly FailureRule? _rule = decision.Rule;

    /// <summary>What the journal, the status and programs get.</summary>
    public FailureWording Noted => Fill(_rule?.Record?.Wording);

    /// <summary>What those get who hear alerts, where it is something else.</summary>
    public IReadOnlyList<PyServiceFailureNotice> Notices
    {
        get
        {
            if (_rule is not { Notify: { } notify } || (notify is { Usual: null, Levels.Count: 1, ByLevel.Count: 0, ByChannel.Count: 0 }
                && _rule.Record?.Wording is null))
                return [];
            return
            [
                NoticeOf(notify.Usual),
                // Those, too, that have no words of their own: they say who hears of it.
                .. notify.Levels.Select(level => NoticeOf(notify.ByLevel.GetValueOrDefault(level), notify.Usual) with { Level = level }),
                .. notify.ByChannel.Select(pair => NoticeOf(pair.Value, notify.Usual) with { Channel = pair.Key }),
            ];
        }
    }

    /// <summary>Everything that is known put in its place.</summary>
    /// <param name="text">As the rule has it.</param>
    /// <param name="code">What this destination's code is.</param>
    public string Fill(string text, string? code) => FailureText.Fill(text, new Dictionary<string, string?>
    {
        ["service"] = service,
        ["code"] = code,
        ["rule"] = _rule?.LabelAt(decision.Index),
        ["cause"] = FailureWords.Describe(facts),
        ["exit"] = facts.Exit?.ToString(CultureInfo.InvariantCulture),
        ["signal"] = facts.Signal is { } signal ? Signals.NameOf(signal) : null,
        ["attempt"] = attempt.ToString(CultureInfo.InvariantCulture),
        ["exception"] = facts.Exception,
        ["module"] = facts.Modules is [var module, ..] ? module : null,
        ["dependency"] = facts.Dependency,
    });

    private PyServiceFailureNotice NoticeOf(FailureWording? own, FailureWording? usual = null)
    {
        var (code, text) = Fill(own, usual);
        return new PyServiceFailureNotice { Code = code, Text = text };
    }

    private FailureWording Fill(FailureWording? own, FailureWording? usual = null)
    {
        var code = own?.Code ?? usual?.Code ?? _rule?.Code;
        return new FailureWording(code, (own?.Text ?? usual?.Text ?? _rule?.Text) is { } text ? Fill(text, code) : null);
    }
}
