using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Rails : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_payments_tenant_id_amount",
                table: "payments");

            migrationBuilder.AddColumn<string>(
                name: "note",
                table: "payments",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "reference",
                table: "payments",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "reversed_at",
                table: "payments",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "taken_by",
                table: "payments",
                type: "character varying(120)",
                maxLength: 120,
                nullable: true);

            migrationBuilder.AlterColumn<string>(
                name: "short_code",
                table: "payment_accounts",
                type: "character varying(7)",
                maxLength: 7,
                nullable: true,
                oldClrType: typeof(string),
                oldType: "character varying(7)",
                oldMaxLength: 7);

            migrationBuilder.AlterColumn<byte[]>(
                name: "passkey",
                table: "payment_accounts",
                type: "bytea",
                nullable: true,
                oldClrType: typeof(byte[]),
                oldType: "bytea");

            migrationBuilder.AlterColumn<string>(
                name: "kind",
                table: "payment_accounts",
                type: "character varying(32)",
                maxLength: 32,
                nullable: true,
                oldClrType: typeof(string),
                oldType: "character varying(32)",
                oldMaxLength: 32);

            migrationBuilder.AlterColumn<byte[]>(
                name: "consumer_secret",
                table: "payment_accounts",
                type: "bytea",
                nullable: true,
                oldClrType: typeof(byte[]),
                oldType: "bytea");

            migrationBuilder.AlterColumn<byte[]>(
                name: "consumer_key",
                table: "payment_accounts",
                type: "bytea",
                nullable: true,
                oldClrType: typeof(byte[]),
                oldType: "bytea");

            migrationBuilder.AlterColumn<byte[]>(
                name: "callback_key",
                table: "payment_accounts",
                type: "bytea",
                nullable: true,
                oldClrType: typeof(byte[]),
                oldType: "bytea");

            migrationBuilder.AlterColumn<string>(
                name: "base_url",
                table: "payment_accounts",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true,
                oldClrType: typeof(string),
                oldType: "character varying(200)",
                oldMaxLength: 200);

            migrationBuilder.AddColumn<string>(
                name: "rail",
                table: "payment_accounts",
                type: "character varying(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "Mpesa");

            migrationBuilder.CreateIndex(
                name: "ix_payments_reference",
                table: "payments",
                columns: new[] { "tenant_id", "reference", "payment_account_id" },
                unique: true,
                filter: "reference is not null and reversed_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_payments_reversed",
                table: "payments",
                columns: new[] { "tenant_id", "paid_at" },
                filter: "reversed_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_payments_taken",
                table: "payments",
                columns: new[] { "tenant_id", "paid_at" },
                filter: "reference is not null");

            migrationBuilder.CreateIndex(
                name: "ix_payments_tenant_id_amount",
                table: "payments",
                columns: new[] { "tenant_id", "amount" },
                filter: "receipt is null and same_as_id is null and reference is null");

            migrationBuilder.CreateIndex(
                name: "ix_payments_tenant_id_reference",
                table: "payments",
                columns: new[] { "tenant_id", "reference" },
                filter: "reference is not null");

            migrationBuilder.AddCheckConstraint(
                name: "ck_payments_taken",
                table: "payments",
                sql: "case when reference is null then num_nonnulls(taken_by, note, reversed_at) = 0\nelse taken_by is not null and customer_id is not null and num_nonnulls(receipt, payment_request_id, same_as_id) = 0 and amount <= 10000000 end");

            migrationBuilder.AddCheckConstraint(
                name: "ck_payment_accounts_mpesa",
                table: "payment_accounts",
                sql: "case when rail = 'Mpesa'\n  then num_nonnulls(kind, base_url, short_code, consumer_key, consumer_secret, passkey, callback_key) = 7\n  else num_nonnulls(kind, base_url, short_code, till_number, consumer_key, consumer_secret, passkey, callback_key, confirmed_since) = 0\nend");

            migrationBuilder.AddCheckConstraint(
                name: "ck_payment_accounts_rail",
                table: "payment_accounts",
                sql: "rail in ('Mpesa', 'Cash', 'Cheque', 'Bank')");

            migrationBuilder.Sql(SqlFile.Read("Rails"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_payments_reference",
                table: "payments");

            migrationBuilder.DropIndex(
                name: "ix_payments_reversed",
                table: "payments");

            migrationBuilder.DropIndex(
                name: "ix_payments_taken",
                table: "payments");

            migrationBuilder.DropIndex(
                name: "ix_payments_tenant_id_amount",
                table: "payments");

            migrationBuilder.DropIndex(
                name: "ix_payments_tenant_id_reference",
                table: "payments");

            migrationBuilder.DropCheckConstraint(
                name: "ck_payments_taken",
                table: "payments");

            migrationBuilder.DropCheckConstraint(
                name: "ck_payment_accounts_mpesa",
                table: "payment_accounts");

            migrationBuilder.DropCheckConstraint(
                name: "ck_payment_accounts_rail",
                table: "payment_accounts");

            migrationBuilder.DropColumn(
                name: "note",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "reference",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "reversed_at",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "taken_by",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "rail",
                table: "payment_accounts");

            migrationBuilder.AlterColumn<string>(
                name: "short_code",
                table: "payment_accounts",
                type: "character varying(7)",
                maxLength: 7,
                nullable: false,
                defaultValue: "",
                oldClrType: typeof(string),
                oldType: "character varying(7)",
                oldMaxLength: 7,
                oldNullable: true);

            migrationBuilder.AlterColumn<byte[]>(
                name: "passkey",
                table: "payment_accounts",
                type: "bytea",
                nullable: false,
                defaultValue: new byte[0],
                oldClrType: typeof(byte[]),
                oldType: "bytea",
                oldNullable: true);

            migrationBuilder.AlterColumn<string>(
                name: "kind",
                table: "payment_accounts",
                type: "character varying(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "",
                oldClrType: typeof(string),
                oldType: "character varying(32)",
                oldMaxLength: 32,
                oldNullable: true);

            migrationBuilder.AlterColumn<byte[]>(
                name: "consumer_secret",
                table: "payment_accounts",
                type: "bytea",
                nullable: false,
                defaultValue: new byte[0],
                oldClrType: typeof(byte[]),
                oldType: "bytea",
                oldNullable: true);

            migrationBuilder.AlterColumn<byte[]>(
                name: "consumer_key",
                table: "payment_accounts",
                type: "bytea",
                nullable: false,
                defaultValue: new byte[0],
                oldClrType: typeof(byte[]),
                oldType: "bytea",
                oldNullable: true);

            migrationBuilder.AlterColumn<byte[]>(
                name: "callback_key",
                table: "payment_accounts",
                type: "bytea",
                nullable: false,
                defaultValue: new byte[0],
                oldClrType: typeof(byte[]),
                oldType: "bytea",
                oldNullable: true);

            migrationBuilder.AlterColumn<string>(
                name: "base_url",
                table: "payment_accounts",
                type: "character varying(200)",
                maxLength: 200,
                nullable: false,
                defaultValue: "",
                oldClrType: typeof(string),
                oldType: "character varying(200)",
                oldMaxLength: 200,
                oldNullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_payments_tenant_id_amount",
                table: "payments",
                columns: new[] { "tenant_id", "amount" },
                filter: "receipt is null and same_as_id is null");
        }
    }
}
