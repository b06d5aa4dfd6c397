using System.Text.Json.Nodes;
using ServiceCtl.Engine.Checks;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Tests.Unit.Checks;

public sealed class JsonRpcCallTests
{
    [Fact]
    public void Version_and_a_random_id_are_filled_in_on_both_sides()
    {
        var first = Call("""{"method": "ping"}""", """{"result": "pong"}""");
        var second = Call("""{"method": "ping"}""", """{"result": "pong"}""");

        Assert.Equal("2.0", first.Request!["jsonrpc"]!.GetValue<string>());
        Assert.Equal("2.0", first.Expected!["jsonrpc"]!.GetValue<string>());
        Assert.Equal(first.Request["id"]!.GetValue<int>(), first.Expected["id"]!.GetValue<int>());
        Assert.NotEqual(first.Request["id"]!.GetValue<int>(), second.Request!["id"]!.GetValue<int>());
    }

    [Fact]
    public void What_the_test_says_itself_is_left_alone()
    {
        var call = Call("""{"jsonrpc": "1.0", "id": "mine", "method": "ping"}""", """{"id": null, "error": {}}""");

        Assert.Equal("mine", call.Request!["id"]!.GetValue<string>());
        Assert.Equal("1.0", call.Expected!["jsonrpc"]!.GetValue<string>());
        Assert.Null(call.Expected["id"]);
    }

    [Fact]
    public void Members_of_a_batch_belong_together_by_position()
    {
        var call = Call("""[{"method": "a"}, {"method": "b", "id": 7}]""", """[{"result": 1}, {"result": 2}]""");

        Assert.Equal(call.Request![0]!["id"]!.GetValue<int>(), call.Expected![0]!["id"]!.GetValue<int>());
        Assert.Equal(7, call.Expected[1]!["id"]!.GetValue<int>());
    }

    [Fact]
    public void The_token_goes_where_it_is_wanted()
    {
        Assert.Equal("t", Call("{}", "{}", "t").Request!["token"]!.GetValue<string>());
        Assert.Equal("own", Call("""{"token": "own"}""", "{}", "t").Request!["token"]!.GetValue<string>());
        Assert.Equal("t", Call("{}", "{}", "t", TokenPlace.Params).Request!["params"]!["token"]!.GetValue<string>());
        Assert.Equal("[1]", Call("""{"params": [1]}""", "{}", "t", TokenPlace.Params).Request!["params"]!.ToJsonString());
        Assert.Null(Call("{}", "{}", "t", TokenPlace.Header).Request!["token"]);
    }

    [Fact]
    public void What_is_no_object_is_sent_as_it_is()
    {
        Assert.Equal("5", Call("5", "{}").Request!.ToJsonString());
    }

    private static JsonRpcCall Call(string request, string expected, string? token = null, TokenPlace place = TokenPlace.Request) =>
        JsonRpcCall.Of(
        new IntegrationTest
        {
            Name = "x",
            Request = JsonNode.Parse(request),
            Expected = JsonNode.Parse(expected),
            Path = "/",
            Critical = true,
            Limit = TimeSpan.FromSeconds(1),
            Origin = Origin.Default,
        },
        token, place);
}
