using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serilog;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;

namespace ServiceCtl.Host.Agent;

/// <summary>Turns what went wrong into the API's answer: a status that fits, and an <see cref="ErrorReport"/>.</summary>
internal static class ErrorAnswers
{
    public static async Task CatchAsync(HttpContext context, RequestDelegate next, ILogger log)
    {
        try
        {
            await next(context);
        }
        catch (ServiceCtlException error)
        {
            await WriteAsync(context, error.Report);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer.
        }
        // Kestrel's word for the size of a chunk that is no 31-bit number is not a BadHttpRequestException.
        catch (Exception error)
            when (error is JsonException or BadHttpRequestException or IOException { InnerException: OverflowException })
        {
            await WriteAsync(context, new ErrorReport
            {
                Code = ErrorCode.InvalidArgument,
                Message = $"The request can't be understood: {error.Message}",
                Advice = "GET /v1/openapi.json describes the API.",
            });
        }
        catch (Exception error)
        {
            log.Error(error, "{Method} {Path} failed", context.Request.Method, context.Request.Path.Value);
            await WriteAsync(context, new ErrorReport
            {
                Code = ErrorCode.Internal,
                Message = $"The agent failed unexpectedly: {error.Message}",
                Advice = "Please report it with the agent's log.",
            });
        }
    }

    public static Task WriteAsync(HttpContext context, ErrorReport report)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.StatusCode = Status(report.Code);
        return context.Response.WriteAsJsonAsync(report, AgentJson.Default.ErrorReport);
    }

    private static int Status(ErrorCode code) => code switch
    {
        ErrorCode.AccessDenied => StatusCodes.Status403Forbidden,
        ErrorCode.ServiceNotFound or ErrorCode.ConfigNotFound => StatusCodes.Status404NotFound,
        ErrorCode.ServiceExists or ErrorCode.InvalidState or ErrorCode.AgentBusy => StatusCodes.Status409Conflict,
        ErrorCode.TimedOut => StatusCodes.Status504GatewayTimeout,
        ErrorCode.InvalidArgument or ErrorCode.ConfigInvalid => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status500InternalServerError,
    };
}
