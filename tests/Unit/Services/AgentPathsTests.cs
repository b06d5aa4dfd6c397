using ServiceCtl.Engine.Services;

namespace ServiceCtl.Tests.Unit.Services;

public sealed class AgentPathsTests
{
    [Fact]
    public void Root_has_the_systems_places()
    {
        var paths = For("root");

        Assert.Equal(("/run/servicectl/agent.sock", "/var/lib/servicectl/catalog.json", false),
            (paths.Socket, paths.Catalog, paths.IsChosen));
    }

    [Fact]
    public void A_user_has_his_own()
    {
        var paths = For("ann", ("XDG_RUNTIME_DIR", "/run/user/7"), ("HOME", "/home/ann"));

        Assert.Equal(("/run/user/7/servicectl", "/home/ann/.local/state/servicectl"), (paths.Home, paths.State));
    }

    [Fact]
    public void Without_a_runtime_folder_there_is_tmp() => Assert.Equal("/tmp/servicectl-ann", For("ann", ("HOME", "/home/ann")).Home);

    [Fact]
    public void A_relative_xdg_folder_counts_as_unset() =>
        Assert.Equal("/tmp/servicectl-ann", For("ann", ("XDG_RUNTIME_DIR", "run"), ("HOME", "/home/ann")).Home);

    [Fact]
    public void Servicectl_home_moves_everything()
    {
        var paths = For("root", ("SERVICECTL_HOME", "/srv/a/../b"));

        Assert.Equal(("/srv/b", "/srv/b/state", true), (paths.Home, paths.State, paths.IsChosen));
    }

    private static AgentPaths For(string user, params (string Name, string Value)[] variables) =>
        AgentPaths.For(name => variables.FirstOrDefault(variable => variable.Name == name).Value, user);
}
