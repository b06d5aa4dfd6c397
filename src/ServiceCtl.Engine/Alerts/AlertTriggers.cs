using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Alerts;

/// <summary>
/// Which events the sender is started for: what runs is started and stopped all the time, what does not run fails again and again, and
/// nobody hears of it.
/// </summary>
internal sealed class AlertTriggers
{
    /// <summary>The services that don't serve, and how urgent their alerts were.</summary>
    private readonly Dictionary<string, AlertLevel> _down;

    /// <param name="down">What a destination has heard of that is not up; whether another one has to hear of it yet is not known.</param>
    public AlertTriggers(IEnumerable<string> down)
    {
        _down = down.Distinct().ToDictionary(service => service, _ => AlertLevel.Info, StringComparer.Ordinal);
    }

    /// <summary>May somebody have to hear of it?</summary>
    public bool Take(ServiceEvent happened)
    {
        switch (AlertPolicy.SubjectOf(happened))
        {
            case null:
                return false;
            case AlertNews.Back or AlertNews.Stopped:
                return _down.Remove(happened.Service);
            case AlertNews.Down:
                var level = AlertPolicy.LevelOf(happened);
                if (_down.TryGetValue(happened.Service, out var told) && told >= level)
                    return false;
                _down[happened.Service] = level;
                return true;
            case AlertNews.GaveUp:
                _down.TryAdd(happened.Service, AlertPolicy.LevelOf(happened));
                return true;
            default:
                return true;
        }
    }
}
