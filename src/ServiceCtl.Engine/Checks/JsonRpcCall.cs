using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace ServiceCtl.Engine.Checks;

/// <summary>
/// A request as it is sent and the answer as it has to come: <c>jsonrpc</c> and a random <c>id</c> are filled in where the test leaves them
/// out, in the expected answer those of the request. Members of a batch belong together by their position.
/// </summary>
internal sealed record JsonRpcCall(JsonNode? Request, JsonNode? Expected)
{
    private const string Version = "2.0";

    public static JsonRpcCall Of(IntegrationTest test, string? token, TokenPlace place)
    {
        var request = test.Request?.DeepClone();
        var expected = test.Expected?.DeepClone();
        if (request is JsonArray batch)
        {
            for (var index = 0; index < batch.Count; index++)
                Complete(batch[index], expected is JsonArray answers && index < answers.Count ? answers[index] : null, token, place);
        }
        else
        {
            Complete(request, expected, token, place);
        }

        return new JsonRpcCall(request, expected);
    }

    private static void Complete(JsonNode? request, JsonNode? expected, string? token, TokenPlace place)
    {
        if (request is not JsonObject call)
            return;

        if (!call.ContainsKey("jsonrpc"))
            call["jsonrpc"] = Version;
        if (!call.ContainsKey("id"))
            call["id"] = RandomNumberGenerator.GetInt32(1, int.MaxValue);
        if (token is not null && place == TokenPlace.Request && !call.ContainsKey("token"))
            call["token"] = token;
        if (token is not null && place == TokenPlace.Params)
            AddParameter(call, token);

        if (expected is not JsonObject answer)
            return;
        if (!answer.ContainsKey("jsonrpc"))
            answer["jsonrpc"] = call["jsonrpc"]?.DeepClone();
        if (!answer.ContainsKey("id"))
            answer["id"] = call["id"]?.DeepClone();
    }

    /// <summary>Parameters by position have no place for a name: the test has to put its token there itself.</summary>
    private static void AddParameter(JsonObject call, string token)
    {
        if (!call.ContainsKey("params"))
            call["params"] = new JsonObject();
        if (call["params"] is JsonObject parameters && !parameters.ContainsKey("token"))
            parameters["token"] = token;
    }
}
