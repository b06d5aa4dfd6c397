using ServiceCtl.Contracts;
using ServiceCtl.Engine.Messages;

namespace ServiceCtl.Host.Status;

/// <summary>The colour of a state: green serves, red has failed, yellow is on its way.</summary>
internal static class StateStyle
{
    /// <param name="style">Colours, or none.</param>
    /// <param name="state">Chooses the colour.</param>
    /// <param name="text">Gets it.</param>
    public static string Paint(MessageStyle style, ServiceState state, string text) => style.Paint(
        state switch
        {
            ServiceState.Running => MessageKind.Good,
            ServiceState.Failed => MessageKind.Error,
            ServiceState.Starting or ServiceState.Restarting or ServiceState.Stopping => MessageKind.Warning,
            _ => MessageKind.Plain,
        },
        text);
}
