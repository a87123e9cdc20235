// A traffic light as a machine of states, and a clock that drives it.
module light(input clock, output reg [8*6:1] colour);
  reg [1:0] state = 0;
  reg [2:0] wait_for = 0;

  always @(posedge clock)
    if (wait_for != 0)
      wait_for <= wait_for - 1;
    else begin
      state <= (state == 2) ? 0 : state + 1;
      wait_for <= (state == 0) ? 1 : 3;   // yellow is short
    end

  always_comb
    case (state)
      0: colour = "red";
      1: colour = "yellow";
      default: colour = "green";
    endcase
endmodule

module main;
  reg clock = 0;
  wire [8*6:1] colour;
  light l(clock, colour);

  always #5 clock = ~clock;

  initial begin
    $monitor("%3d s  %0s", $time, colour);
    #150 $finish(0);
  end
endmodule
