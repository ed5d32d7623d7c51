using System.Diagnostics.Metrics;
using System.Net;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Policy;
using EasyIsp.Radius.Process;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Routers;
using EasyIsp.Radius.Tests.Listen;
using EasyIsp.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>
/// reference/radius.md, case 11: as <see cref="MutationStormTests"/>, but with handlers that ask no database, so that
/// millions of packets go through sockets, gate, proofs and replies.
/// </summary>
public sealed class GateStormTests(PostgresServer server)
{
    private const int UsualPackets = 20_000;
    private const int CacheCapacity = 4096;
    private const long MaxGrowthBytes = 64L << 20;

    [Fact]
    public async Task No_mutation_breaks_the_path_from_socket_to_reply_and_none_that_must_not_be_is_answered()
    {
        await using var isp = await Isp.OpenAsync(server);
        using var known = await isp.AddRouterAsync();
        using var counts = new RadiusCounts(isp.Worker<IMeterFactory>());
        using var cache = new ReplyCache(isp.World.Clock, CacheCapacity);
        using var reports = new ReplyCache(isp.World.Clock, CacheCapacity);
        await using var auth = Listen(isp, ListenerRole.Authentication, cache, new PaperLogins());
        await using var acct = Listen(isp, ListenerRole.Accounting, reports, new PaperReports());
        known.Dispose();
        using var nas = new TestNas(auth.Endpoint, acct.Endpoint, known.Id, "127.0.1.1", Isp.Secret);
        var storm = new Storm(nas, counts);

        var packets = Mutants.Count(UsualPackets);
        var growth = await storm.BlowAsync(packets, new Random(20260303), isp.World.Clock);

        TestContext.Current.SendDiagnosticMessage("{0:N0} mutants, {1:N0} answered, {2:N0} octets more", packets, storm.Answers, growth);
        Assert.InRange(storm.Answers, packets / 10, 2 * packets);
        Assert.Equal(0, counts.Of("radius.drops", "handler_failed"));
        Assert.InRange(cache.Count + reports.Count, 1, 2 * CacheCapacity);
        Assert.InRange(growth, long.MinValue, MaxGrowthBytes);
        Assert.Equal(PacketCode.AccessAccept, (await nas.LoginAsync("ali", "hello123")).Code);
    }

    private static UdpListener Listen(Isp isp, ListenerRole role, ReplyCache cache, IRequestHandler handler)
    {
        var status = new StatusServerHandler(role, isp.Worker<StatusServerLimit>());
        var gate = new RequestGate(
            role,
            cache,
            isp.Worker<NasDirectory>(),
            isp.Worker<NasHeartbeat>(),
            isp.Worker<UnknownSources>(),
            new Dictionary<PacketCode, IRequestHandler> { [handler.Code] = handler, [status.Code] = status },
            isp.Worker<Admission>(),
            isp.Worker<RadiusMetrics>(),
            isp.World.Clock,
            NullLogger<RequestGate>.Instance,
            TestContext.Current.CancellationToken);
        var listener = new UdpListener(
            new IPEndPoint(IPAddress.Loopback, 0), gate, isp.Worker<RadiusMetrics>(), isp.World.Clock, NullLogger<UdpListener>.Instance);
        listener.Start();
        return listener;
    }

    /// <summary>Everybody is a customer whose password is hello123.</summary>
    private sealed class PaperLogins : IRequestHandler
    {
        private static readonly KnownPassword Password = new("hello123");

        public PacketCode Code => PacketCode.AccessRequest;

        public Task HandleAsync(Exchange exchange, CancellationToken cancellationToken)
        {
            var attempt = LoginAttempt.Read(exchange.Request, exchange.Nas.TenantId, exchange.Nas.RouterId);
            Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
            var isProved = PasswordProof.IsGiven(exchange.Request, exchange.Nas.Secret, attempt.IsOwnAddress ? KnownPassword.Empty : Password);
            var reply = PacketWriter.Reply(buffer, isProved ? PacketCode.AccessAccept : PacketCode.AccessReject, exchange.Request);
            if (isProved)
            {
                new Welcome(Guid.CreateVersion7(exchange.ReceivedAt), LineTerms.Of(2000, 5000, AccessTerms.Plain, null, null).Octets, 60, 300, 1L << 33, 600, ExtraAttributes.None)
                    .WriteTo(ref reply);
                MsChapAnswer.AddSuccess(ref reply, exchange.Request, Password, exchange.Nas.Secret);
            }
            else
            {
                var message = RefusalTexts.In("sw", Refusal.WrongPassword);
                reply.AddText(AttributeType.ReplyMessage, message);
                MsChapAnswer.AddError(ref reply, exchange.Request, Refusal.WrongPassword, message);
            }

            exchange.Reply(reply.Sign(exchange.Nas.Secret));
            return Task.CompletedTask;
        }
    }

    private sealed class PaperReports : IRequestHandler
    {
        public PacketCode Code => PacketCode.AccountingRequest;

        public Task HandleAsync(Exchange exchange, CancellationToken cancellationToken)
        {
            if (!AccountingRecord.TryRead(exchange.Request, exchange.ReceivedAt, out _))
            {
                exchange.Abandon(DropReason.MissingAttribute);
                return Task.CompletedTask;
            }

            Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
            exchange.Reply(PacketWriter.Reply(buffer, PacketCode.AccountingResponse, exchange.Request).Sign(exchange.Nas.Secret));
            return Task.CompletedTask;
        }
    }
}
