using System.Text;
using EasyIsp.Core.Shared;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Tests.Protocol;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>RouterOS dials in by MS-CHAPv2 where its PPP profile leaves the choice; reference/radius.md, cases 40 to 45.</summary>
public sealed class MsChapLoginTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly Login Pppoe = Login.Pppoe with { Method = AuthenticationMethod.MsChapV2 };

    private Isp _isp = null!;
    private TestNas _nas = null!;

    public async ValueTask InitializeAsync()
    {
        _isp = await Isp.OpenAsync(server);
        _nas = await _isp.AddRouterAsync();
        await _isp.AddSubscriberAsync("house", "kuku🐔", AccessType.Pppoe);
    }

    public async ValueTask DisposeAsync()
    {
        _nas.Dispose();
        await _isp.DisposeAsync();
    }

    [Fact]
    public async Task Success_proves_that_we_know_the_password_and_brings_keys_and_a_repetition_brings_the_same()
    {
        var request = _nas.AccessRequest("HOUSE", "kuku🐔", Pppoe);

        var answer = await _nas.AskAsync(request);

        Assert.Equal(PacketCode.AccessAccept, answer.Code);
        Assert.Equal("2000k/5000k", answer.RateLimit);
        AssertProved(request, answer, "kuku🐔");
        Assert.Equal(answer.Octets, (await _nas.AskAsync(request)).Octets);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_user_get_the_same_error()
    {
        var wrong = await _nas.LoginAsync("house", "kuku", Pppoe);
        var unknown = await _nas.LoginAsync("horse", "kuku🐔", Pppoe);

        Assert.Matches("^E=691 R=0 C=[0-9A-F]{32} V=3 M=Wrong user name or password$", ErrorIn(wrong));
        Assert.Matches("^E=691 R=0 C=[0-9A-F]{32} V=3 M=Wrong user name or password$", ErrorIn(unknown));
        Assert.Equal([AttributeType.MessageAuthenticator, AttributeType.ReplyMessage, AttributeType.VendorSpecific], wrong.Attributes);
        Assert.Equal(wrong.Octets.Length, unknown.Octets.Length);
    }

    [Fact]
    public async Task Who_is_suspended_or_has_no_package_left_is_told_so_only_after_his_proof()
    {
        _isp.World.Clock.Advance(TimeSpan.FromHours(2));
        Assert.StartsWith("E=649 ", ErrorIn(await _nas.LoginAsync("house", "kuku🐔", Pppoe)), StringComparison.Ordinal);
        Assert.StartsWith("E=691 ", ErrorIn(await _nas.LoginAsync("house", "kuku", Pppoe)), StringComparison.Ordinal);

        await _isp.World.WriteAsync(async db =>
        {
            (await db.Customers.SingleAsync()).Suspend(_isp.World.Clock.GetUtcNow());
            return 0;
        });
        Assert.Matches("^E=647 .* M=Your account is suspended. Please call us$", ErrorIn(await _nas.LoginAsync("house", "kuku🐔", Pppoe)));
    }

    [Fact]
    public async Task A_changed_password_counts_at_the_next_login()
    {
        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync("house", "kuku🐔", Pppoe)).Code);
        await _isp.World.WriteAsync(async db =>
        {
            (await db.Customers.SingleAsync()).GiveAccess("house", _isp.Protect(_isp.World.TenantId, "jogoo"));
            return 0;
        });

        Assert.Equal(PacketCode.AccessAccept, (await _nas.LoginAsync("house", "jogoo", Pppoe)).Code);
        await Isp.EventuallyAsync(async () => (await _nas.LoginAsync("house", "kuku🐔", Pppoe)).Code is PacketCode.AccessReject);
    }

    [Fact]
    public async Task Version_1_is_refused_with_its_reason_in_the_language_of_the_provider()
    {
        var first = Login.Pppoe with { Method = AuthenticationMethod.MsChapV1 };
        Assert.Equal("MS-CHAP version 1 is not safe. Please set your router to MS-CHAP version 2 or CHAP", (await _nas.LoginAsync("house", "kuku🐔", first)).Message);

        await _isp.ExecuteAsync("update tenants set language = 'sw'");

        await Isp.EventuallyAsync(async () => (await _nas.LoginAsync("house", "kuku🐔", first)).Message
            == "MS-CHAP toleo la 1 si salama. Tafadhali weka ruta yako kwenye MS-CHAP toleo la 2 au CHAP");
    }

    [Fact]
    public async Task A_voucher_and_a_one_time_password_are_proved_by_it_too()
    {
        var hotspot = Login.Hotspot with { Method = AuthenticationMethod.MsChapV2 };
        var token = await _isp.IssueTokenAsync(await _isp.AddSubscriberAsync("walk-in", password: null));

        var request = _nas.AccessRequest(token.Username, token.Password, hotspot);
        AssertProved(request, await _nas.AskAsync(request), token.Password);
    }

    /// <summary>The peer's side of RFC 2759, and the NAS's of RFC 2548.</summary>
    private static void AssertProved(byte[] asked, Answer answer, string password)
    {
        Assert.Equal(PacketCode.AccessAccept, answer.Code);
        var request = Wire.Read(asked);
        var accept = Wire.Read(answer.Octets);
        Assert.True(request.TryGet(MicrosoftAttribute.ChapChallenge, out var challenge));
        Assert.True(request.TryGet(MicrosoftAttribute.Chap2Response, out var response));
        Assert.True(request.TryGet(AttributeType.UserName, out var userName));
        Span<byte> expected = stackalloc byte[MsChapV2.AuthenticatorResponseSize];
        MsChapV2.WriteAuthenticatorResponse(
            new MsChap2Challenge(challenge, response[2..18], userName), NtHash.Of(password), response[26..], expected);
        Span<byte> send = stackalloc byte[MppeKeys.Size];
        Span<byte> receive = stackalloc byte[MppeKeys.Size];
        MppeKeys.Derive(NtHash.Of(password), response[26..], send, receive);

        Assert.True(accept.TryGet(MicrosoftAttribute.Chap2Success, out var success));
        Assert.Equal(response[0], success[0]);
        Assert.True(success[1..].SequenceEqual(expected));
        Assert.True(accept.TryGet(MicrosoftAttribute.MppeSendKey, out var hidden));
        Assert.Equal(send.ToArray(), MppeKeysTests.Reveal(hidden, request.Authenticator, Wire.Secret));
        Assert.True(accept.TryGet(MicrosoftAttribute.MppeRecvKey, out hidden));
        Assert.Equal(receive.ToArray(), MppeKeysTests.Reveal(hidden, request.Authenticator, Wire.Secret));
    }

    private static string ErrorIn(Answer answer)
    {
        Assert.Equal(PacketCode.AccessReject, answer.Code);
        Assert.True(Wire.Read(answer.Octets).TryGet(MicrosoftAttribute.ChapError, out var error));
        Assert.Equal(7, error[0]);
        return Encoding.UTF8.GetString(error[1..]);
    }
}
