namespace ServiceCtl.Engine.Scheduling;

/// <summary>What a look at the clock says.</summary>
/// <param name="Due">The time whose turn is now; null where none is.</param>
/// <param name="Missed">How many times went by without anybody looking.</param>
/// <param name="FirstMissed">The first of them.</param>
/// <param name="Next">What is awaited from now on; null for nothing.</param>
internal readonly record struct TimetableLook(DateTimeOffset? Due, int Missed, DateTimeOffset? FirstMissed, DateTimeOffset? Next);
