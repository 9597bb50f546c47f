import { Body, Controller, Get, HttpCode, Inject, Post, UseGuards } from "@nestjs/common";
import { AuthService } from "./auth.service.js";
import { EmailDto, LoginDto, RefreshDto, RegisterDto, ResetDto, TokenDto, validated } from "./dto.js";
import { JwtGuard, UserId } from "./jwt.guard.js";

@Controller("api/auth")
export class AuthController {
  constructor(@Inject(AuthService) private readonly auth: AuthService) {}

  @Post("register")
  register(@Body(validated(RegisterDto)) body: RegisterDto) {
    return this.auth.register(body);
  }

  @Post("verify-email")
  @HttpCode(200)
  verify(@Body(validated(TokenDto)) body: TokenDto) {
    return this.auth.verify(body.token);
  }

  @Post("login")
  @HttpCode(200)
  login(@Body(validated(LoginDto)) body: LoginDto) {
    return this.auth.login(body);
  }

  @Post("refresh")
  @HttpCode(200)
  refresh(@Body(validated(RefreshDto)) body: RefreshDto) {
    return this.auth.refresh(body.refreshToken);
  }

  @Get("me")
  @UseGuards(JwtGuard)
  me(@UserId() userId: string) {
    return this.auth.me(userId);
  }

  @Post("logout")
  @HttpCode(204)
  logout(@Body(validated(RefreshDto)) body: RefreshDto) {
    return this.auth.logout(body.refreshToken);
  }

  @Post("forgot-password")
  @HttpCode(202)
  forgot(@Body(validated(EmailDto)) body: EmailDto) {
    return this.auth.forgot(body.email);
  }

  @Post("reset-password")
  @HttpCode(204)
  reset(@Body(validated(ResetDto)) body: ResetDto) {
    return this.auth.reset(body);
  }
}
