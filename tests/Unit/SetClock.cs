namespace ServiceCtl.Tests.Unit;

/// <summary>A wall clock that somebody sets, while time goes on as it does.</summary>
internal sealed class SetClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private TimeSpan _by;

    /// <summary>Sets the wall clock forth, or back by a negative span.</summary>
    public void Set(TimeSpan by) => _by += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _by;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
