using System.Net;

namespace EasyIsp.Core.Payments.Daraja;

/// <summary>Where Daraja reports what customers send by themselves; both must satisfy <see cref="StkCallbackAddress"/>.</summary>
public sealed record C2bAddresses(Uri Confirmation, Uri Validation)
{
    // The paths are secrets.
    public override string ToString() => $"addresses at {Confirmation.Authority}";
}

/// <summary>What Daraja said to the registration of a short code's addresses (mpesa.md, 4.1).</summary>
public abstract record C2bRegistration
{
    private C2bRegistration()
    {
    }

    public sealed record Registered : C2bRegistration;

    /// <summary>
    /// Production registers once. The addresses that are there stay, ours or others, until they are deleted in the
    /// organisation's portal.
    /// </summary>
    public sealed record AlreadyRegistered : C2bRegistration;

    /// <param name="Message">Daraja's, without tokens and numbers.</param>
    public sealed record Refused(string Message) : C2bRegistration;

    /// <summary>It may have been carried out, but no answer came; asking again is safe.</summary>
    public sealed record NotReached(string Reason) : C2bRegistration;

    internal static C2bRegistration Of(DarajaReply reply) => reply switch
    {
        DarajaReply.NotSent { CredentialsRefused: true, Reason: var reason } => new Refused(reason),
        DarajaReply.NotSent { Reason: var reason } => new NotReached(reason),
        DarajaReply.Lost { Reason: var reason } => new NotReached(reason),
        DarajaReply.Answered { ErrorCode: "", Answer: { Status: HttpStatusCode.OK } answer } when answer.Text("ResponseCode") == "0"
            => new Registered(),
        DarajaReply.Answered { ErrorCode: "500.003.1001" } answered
            when answered.Says("already registered") || answered.Says("duplicate notification") => new AlreadyRegistered(),
        DarajaReply.Answered { ErrorCode.Length: > 0, Answer.Status: < HttpStatusCode.InternalServerError } answered => new Refused(answered.ToString()),
        DarajaReply.Answered { ErrorCode: "500.001.1001" } answered => new Refused(answered.ToString()),
        _ => new NotReached(reply.ToString()),
    };
}
