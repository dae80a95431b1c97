#include "instrument/conversation.hpp"
#include "base/revocation.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>
#include <wheatstone/power_supply.hpp>

#include "instrument/fake_transport.hpp"
#include "instrument/make_instrument.hpp"

namespace wheatstone::instrument {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

class ConversationTest : public ::testing::Test {
 protected:
  ConversationTest() { connect({}); }

  void connect(std::deque<Reply> script) {
    auto made = std::make_unique<FakeTransport>();
    wire = made.get();
    wire->script = std::move(script);
    instrument =
        make_instrument("psu", profile::load_profile("keysight/EDU36311A"), std::move(made), base::system_clock());
    psu = dynamic_cast<PowerSupply*>(instrument.get());
  }

  FakeTransport* wire = nullptr;
  std::unique_ptr<Instrument> instrument;
  PowerSupply* psu = nullptr;
};

TEST_F(ConversationTest, asks_who_is_there_and_drains_a_stale_queue_into_its_notes) {
  connect({"Keysight Technologies,EDU36311A,CN1,1.0", "-222,\"Data out of range\"", "-113,\"Undefined header\"",
           "+0,\"No error\""});
  EXPECT_EQ(wire->take_written(), (Lines{"*IDN?", "SYST:ERR?", "SYST:ERR?", "SYST:ERR?"}));
  ASSERT_EQ(psu->connection_notes().size(), 1U);
  EXPECT_EQ(psu->connection_notes()[0],
            "psu: an earlier user had left errors in its queue: -222 \"Data out of range\", -113 \"Undefined header\"");
  EXPECT_EQ(psu->identity(), "Keysight Technologies,EDU36311A,CN1,1.0");
}

TEST_F(ConversationTest, never_resets_by_itself) {
  for (const std::string& line : wire->take_written()) EXPECT_EQ(line.find("*RST"), std::string::npos);
}

TEST_F(ConversationTest, refuses_another_instrument_naming_both) {
  try {
    connect({"Keysight Technologies,34470A,MY1,1.0"});
    FAIL();
  } catch (const ConfigurationError& error) {
    EXPECT_STREQ(error.what(),
                 "psu: the instrument at fake says it is 'Keysight Technologies,34470A,MY1,1.0', which is no "
                 "keysight/EDU36311A; check the address or the profile");
  }
}

TEST_F(ConversationTest, clears_the_link_and_tells_the_queue_after_a_time_out) {
  wire->take_written();
  wire->script = {Silence{}, "-420,\"Query UNTERMINATED\"", "+0,\"No error\""};
  try {
    static_cast<void>(psu->read_voltage(1));
    FAIL();
  } catch (const TimeoutError& error) {
    EXPECT_EQ(std::string(error.what())
                  .find("psu: 'MEAS:VOLT? (@1)' was not answered within 5 s; its link was cleared and its "
                        "error queue held -420 \"Query UNTERMINATED\""),
              0U)
        << error.what();
    EXPECT_TRUE(error.attached().empty()) << "the sentence has told it";
    EXPECT_EQ(error.context().command, "MEAS:VOLT? (@1)");
  }
  EXPECT_EQ(wire->clears, 1);
  EXPECT_EQ(psu->read_voltage(1).value, 1) << "usable again";
}

TEST_F(ConversationTest, clears_before_the_next_exchange_where_clearing_failed) {
  wire->script = {Silence{}, Silence{}};
  EXPECT_THROW(static_cast<void>(psu->read_voltage(1)), TimeoutError);
  EXPECT_EQ(wire->clears, 1);
  EXPECT_NO_THROW(static_cast<void>(psu->read_voltage(1)));
  EXPECT_EQ(wire->clears, 2);
}

TEST_F(ConversationTest, quotes_garbage_and_clears_the_link) {
  wire->script = {"lorem ipsum", "-113,\"Undefined header\""};
  try {
    static_cast<void>(psu->read_voltage(1));
    FAIL();
  } catch (const CommunicationError& error) {
    EXPECT_STREQ(error.what(), "psu: 'MEAS:VOLT? (@1)' was answered with 'lorem ipsum', which is not a number");
    EXPECT_EQ(error.context().answer, "lorem ipsum");
    EXPECT_EQ(error.attached(), (Lines{"-113 \"Undefined header\""}));
  }
  EXPECT_EQ(wire->clears, 1);
}

TEST_F(ConversationTest, says_who_and_what_where_the_link_breaks) {
  wire->script = {Breaks{}};
  try {
    psu->set_voltage(1, 1.5);
    FAIL();
  } catch (const CommunicationError& error) {
    EXPECT_EQ(error.context().alias, "psu");
    EXPECT_EQ(error.context().model, "keysight/EDU36311A");
    EXPECT_EQ(error.context().address, "fake");
    EXPECT_STREQ(error.what(), "psu: 'VOLT 1.5,(@1);:SYST:ERR?' to fake failed: The connection broke while reading");
  }
}

TEST_F(ConversationTest, checks_raw_set_points_before_a_byte_leaves) {
  wire->take_written();
  for (const char* const text :
       {"VOLT 100,(@1)", "volt 100 , (@1)", "SOURce:VOLTage:LEVel:IMMediate:AMPLitude 7000 mV,(@1)",
        ":CURR 1;:VOLT 7,(@1)", "VOLT 20,(@2,1)", "APPL CH1,7,1", "APPL P30V,20;:VOLT 31", "VOLT INF,(@1)",
        "VOLT NAN,(@1)", "VOLT 1e400,(@1)", "*CLS;VOLT 7,(@1)"}) {
    EXPECT_THROW(psu->write(text), LimitError) << text;
    EXPECT_THROW(static_cast<void>(psu->query(std::string(text) + ";:VOLT?")), LimitError) << text;
  }
  EXPECT_THROW(psu->write("OUTP ON,(@1)\nVOLT 100,(@1)"), ConfigurationError) << "two messages";
  EXPECT_TRUE(wire->take_written().empty());
}

TEST_F(ConversationTest, names_the_channel_that_is_missing_and_those_that_are_there) {
  wire->take_written();
  const auto refusal = [](const auto& set) {
    try {
      set();
    } catch (const ConfigurationError& error) {
      return std::string(error.what());
    }
    return std::string("was let through");
  };
  EXPECT_EQ(
      refusal([&] { psu->write("VOLT 1,(@9)"); }),
      "psu: keysight/EDU36311A has no channel 9, which 'VOLT 1,(@9)' would set; its channels are 1, 2, 3; nothing "
      "was sent");
  EXPECT_EQ(refusal([&] { psu->set_voltage(9, 1); }),
            "psu: keysight/EDU36311A has no channel 9; its channels are 1, 2, 3; nothing was sent");
  EXPECT_NE(refusal([&] { psu->write("OUTP ON,(@1,4)"); }).find("no channel 4"), std::string::npos);
  EXPECT_TRUE(wire->take_written().empty());
}

TEST_F(ConversationTest, refuses_raw_set_points_in_the_words_of_the_typed_setter) {
  wire->take_written();
  const auto refusal = [](const auto& set) {
    try {
      set();
    } catch (const LimitError& error) {
      return std::string(error.what());
    }
    return std::string("was let through");
  };
  const std::string typed = refusal([&] { psu->set_voltage(1, 99); });
  EXPECT_NE(typed.find("99 V on channel 1 is outside 0 to 6.18 V"), std::string::npos) << typed;
  EXPECT_EQ(refusal([&] { psu->write("VOLT 99,(@1)"); }), typed);
  EXPECT_EQ(refusal([&] { psu->write("VOLT 99,(@2,1)"); }), refusal([&] { psu->set_voltage(2, 99); }));
  EXPECT_TRUE(wire->take_written().empty());
}

TEST_F(ConversationTest, says_that_a_query_was_not_understood_where_the_queue_tells) {
  wire->script = {Silence{}, "-113,\"Undefined header\"", "+0,\"No error\""};
  try {
    static_cast<void>(psu->query("BOGUS?"));
    FAIL();
  } catch (const TimeoutError& error) {
    EXPECT_STREQ(error.what(),
                 "psu: 'BOGUS?' was not answered within 5 s; its link was cleared and its error queue held -113 "
                 "\"Undefined header\", so it did not understand what was sent; correct that");
  }
}

TEST_F(ConversationTest, knows_the_channel_that_raw_text_selected) {
  psu->write("INST:NSEL 2");
  EXPECT_NO_THROW(psu->write("VOLT 20"));
  psu->write("INST:SEL P6V");
  EXPECT_THROW(psu->write("VOLT 20"), LimitError);
}

TEST_F(ConversationTest, reads_the_error_queue_after_raw_text_in_a_message_of_its_own) {
  wire->take_written();
  psu->write("VOLT 1.5,(@1)");
  psu->write_unchecked("VOLT 1.6,(@1)");
  wire->script = {"+1.6E+00", "-100,\"Command error\"", "+0,\"No error\""};
  EXPECT_THROW(static_cast<void>(psu->query("VOLT? (@1)")), InstrumentError);
  EXPECT_EQ(wire->take_written(),
            (Lines{"VOLT 1.5,(@1)", "SYST:ERR?", "VOLT 1.6,(@1)", "VOLT? (@1)", "SYST:ERR?", "SYST:ERR?"}));
}

TEST_F(ConversationTest, reads_blocks_definite_and_indefinite) {
  wire->script = {"#15a\nb\nc", "#0abc\n", "no block", "+0,\"No error\""};
  EXPECT_EQ(psu->query_block("X?").size(), 5U);
  EXPECT_EQ(psu->query_block("X?").size(), 3U);
  EXPECT_THROW(static_cast<void>(psu->query_block("X?")), CommunicationError);
}

TEST_F(ConversationTest, gives_up_reading_a_queue_that_never_ends) {
  wire->answer = [](const std::string&) { return std::string("-1,\"again\""); };
  EXPECT_EQ(psu->read_errors().size(), 21U) << "the profile's twenty and one for the overflow";
}

TEST_F(ConversationTest, is_cancelled_from_another_thread_and_clears_before_it_goes_on) {
  wire->script = {SilenceUntilCancelled{}};
  std::jthread other([&] {
    while (wire->waiting == 0) std::this_thread::yield();
    psu->cancel();
  });
  EXPECT_THROW(static_cast<void>(psu->read_voltage(1)), Interrupted);
  other.join();
  EXPECT_THROW(psu->set_voltage(1, 1), Interrupted) << "until it is resumed";
  EXPECT_EQ(wire->clears, 0);
  psu->resume_after_cancel();
  EXPECT_NO_THROW(psu->set_voltage(1, 1));
  EXPECT_EQ(wire->clears, 1);
}

TEST_F(ConversationTest, makes_safe_although_another_thread_hangs_in_a_question) {
  psu->output(1);
  wire->script = {SilenceUntilCancelled{}};
  std::jthread other([&] { EXPECT_THROW(static_cast<void>(psu->read_voltage(1)), Interrupted); });
  while (wire->waiting == 0) std::this_thread::yield();
  wire->written.clear();
  psu->make_safe(600ms);
  other.join();
  EXPECT_EQ(wire->take_written(), (Lines{"OUTP OFF,(@1);:SYST:ERR?"}));
}

TEST_F(ConversationTest, tries_once_more_on_a_fresh_link_to_make_safe) {
  psu->output(1);
  wire->take_written();
  wire->script = {Breaks{}};
  psu->make_safe(500ms);
  EXPECT_EQ(wire->clears, 1);
  EXPECT_EQ(wire->take_written(), (Lines{"OUTP OFF,(@1);:SYST:ERR?", "OUTP OFF,(@1);:SYST:ERR?"}));
  EXPECT_FALSE(psu->is_anything_on());
}

TEST_F(ConversationTest, raises_what_could_not_be_made_safe) {
  psu->output(1);
  wire->script = {Breaks{}, Breaks{}};
  EXPECT_THROW(psu->make_safe(500ms), CommunicationError);
  EXPECT_TRUE(psu->is_anything_on());
}

TEST_F(ConversationTest, makes_safe_within_its_time_where_a_thread_keeps_the_lock) {
  psu->output(1);
  auto lock = psu->lock();
  std::exception_ptr thrown;
  std::jthread other([&] {
    try {
      psu->make_safe(100ms);
    } catch (...) {
      thrown = std::current_exception();
    }
  });
  other.join();
  ASSERT_NE(thrown, nullptr);
  EXPECT_THROW(std::rethrow_exception(thrown), TimeoutError);
}

TEST_F(ConversationTest, refuses_a_thread_that_lost_its_right) {
  const auto revoked = std::make_shared<std::atomic<bool>>(true);
  {
    static_cast<void>(wire->take_written());
    const base::RevocableThread outlived(revoked);
    EXPECT_THROW(psu->set_voltage(1, 1), ConfigurationError);
    EXPECT_TRUE(wire->written.empty()) << "a refused call has sent something";
  }
  EXPECT_NO_THROW(psu->set_voltage(1, 1));
}

TEST_F(ConversationTest, refuses_calls_after_its_close_and_closes_once) {
  psu->close();
  psu->close();
  EXPECT_EQ(wire->closes, 1);
  EXPECT_THROW(psu->set_voltage(1, 1), ConnectionError);
}

TEST_F(ConversationTest, is_inert_in_a_forked_child) {
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      psu->set_voltage(1, 1);
      ::_exit(1);
    } catch (const ConfigurationError&) {
    }
    instrument.reset();
    ::_exit(7);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 7);
  EXPECT_EQ(wire->closes, 0);
}

TEST_F(ConversationTest, waits_for_a_held_lock_in_virtual_time) {
  const auto clock = base::make_virtual_clock();
  auto made = std::make_unique<FakeTransport>();
  const auto virtual_psu = make_instrument("psu", profile::load_profile("keysight/EDU36311A"), std::move(made), *clock);
  std::atomic<bool> held = false;
  clock->join();
  std::jthread other([&] {
    {
      const auto lock = virtual_psu->lock();
      held = true;
      static_cast<void>(clock->wait_until(clock->monotonic() + 20'000'000, {}));
    }
    clock->leave();
  });
  while (!held) std::this_thread::yield();
  const base::ClockParticipant me(*clock);
  EXPECT_NO_THROW(static_cast<void>(virtual_psu->next_error())) << "time goes on while both wait";
  EXPECT_GE(clock->monotonic(), 1'020'000'000);
}

}  // namespace
}  // namespace wheatstone::instrument
