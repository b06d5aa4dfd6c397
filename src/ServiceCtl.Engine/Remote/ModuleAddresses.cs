namespace ServiceCtl.Engine.Remote;

/// <summary>Where a module is reached, in the words of <c>POST /receive_module_addresses</c>.</summary>
/// <param name="Module">Its name.</param>
/// <param name="Hosts">As <c>host:port</c>; empty when it is nowhere.</param>
internal sealed record ModuleAddresses(string Module, IReadOnlyList<string> Hosts);
